import { applyDecorators } from '@nestjs/common';
import { ApiExtraModels, ApiHeader, ApiOkResponse, ApiOperation, ApiParam, ApiQuery, getSchemaPath } from '@nestjs/swagger';
import { ApiProblem } from '../../common/openapi/api-problem.js';
import { functionNameRule } from '../../functions/function-name.js';
import { lineLevels } from '../../sandbox/printed-line.js';
import { LogPage } from './log-answer.js';
import { defaultLines, levelRule, maxLines } from './log-query.js';
const time = {
    type: 'string',
    format: 'date-time'
};
const description = `Newest last. With \`follow=true\` the answer is a stream of server-sent events: \`line\` (the data is \
one line, the id its \`sequence\`), first the newest that are kept and then each as it is printed; \`dropped\` with the \
number of lines that were not sent because the client reads too slowly; \`end\` when the function is deleted or the server \
stops. A client that comes again with \`Last-Event-ID\` is sent what it has missed, as far as it is kept.`;
/** What the OpenAPI document says of `GET /logs/:name`. */ export function DocumentedLogs() {
    return applyDecorators(ApiOperation({
        operationId: 'getLogs',
        summary: 'What a function printed',
        description
    }), ApiParam({
        name: 'name',
        description: `The function's name: ${functionNameRule}.`,
        example: 'myfunc'
    }), ApiQuery({
        name: 'invocation',
        required: false,
        schema: {
            type: 'string',
            format: 'uuid'
        },
        description: 'What this call printed.'
    }), ApiQuery({
        name: 'since',
        required: false,
        schema: time,
        description: 'Not before this time.'
    }), ApiQuery({
        name: 'until',
        required: false,
        schema: time,
        description: 'Before this time.'
    }), ApiQuery({
        name: 'level',
        required: false,
        schema: {
            enum: [
                ...lineLevels
            ],
            type: 'string'
        },
        description: levelRule
    }), ApiQuery({
        name: 'limit',
        required: false,
        schema: {
            type: 'integer',
            minimum: 1,
            maximum: maxLines,
            default: defaultLines
        },
        description: 'Most lines of the answer.'
    }), ApiQuery({
        name: 'before',
        required: false,
        schema: {
            type: 'integer',
            minimum: 0
        },
        description: 'Lines with a smaller `sequence`: the page before.'
    }), ApiQuery({
        name: 'follow',
        required: false,
        schema: {
            type: 'boolean',
            default: false
        }
    }), ApiHeader({
        name: 'Last-Event-ID',
        required: false,
        description: 'With `follow=true`: the last `sequence` that the client has seen.'
    }), ApiExtraModels(LogPage), ApiOkResponse({
        description: 'The lines, or with `follow=true` the stream.',
        content: {
            'application/json': {
                schema: {
                    $ref: getSchemaPath(LogPage)
                }
            },
            'text/event-stream': {
                schema: {
                    type: 'string'
                }
            }
        }
    }), ApiProblem(400, 'INVALID_NAME'), ApiProblem(400, 'MALFORMED_REQUEST'), ApiProblem(404, 'FUNCTION_NOT_FOUND'), ApiProblem(503, 'OVERLOADED'), ApiProblem(503, 'DRAINING'), ApiProblem(503, 'STORAGE_UNAVAILABLE'));
}

//# sourceMappingURL=logs.openapi.js.map