import { ApiResponse } from '@nestjs/swagger';
const codesKey = Symbol('documented problem codes');
/** Documents one error of a route as `application/problem+json`; several codes may share a status. */ export function ApiProblem(status, code) {
    return (target, key, descriptor)=>{
        const route = descriptor.value;
        const documented = Reflect.getMetadata(codesKey, route) ?? {};
        const earlier = documented[status] ?? [];
        const codes = [
            ...earlier,
            code
        ];
        Reflect.defineMetadata(codesKey, {
            ...documented,
            [status]: codes
        }, route);
        return ApiResponse({
            status,
            // Swagger joins the descriptions of one status; the codes are in the schema.
            description: earlier.length === 0 ? 'The problem, by its `code`; docs/errors.md says what to do about each.' : '',
            content: {
                'application/problem+json': {
                    schema: problemOneOf(codes)
                }
            }
        })(target, key, descriptor);
    };
}
function problemOneOf(codes) {
    return {
        allOf: [
            {
                $ref: '#/components/schemas/Problem'
            },
            {
                type: 'object',
                required: [
                    'code'
                ],
                properties: {
                    code: {
                        type: 'string',
                        enum: [
                            ...codes
                        ]
                    }
                }
            }
        ]
    };
}

//# sourceMappingURL=api-problem.js.map