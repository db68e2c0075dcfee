import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { namedByMethod } from './openapi-methods.js';
import { keySecurity } from '../common/access/route-access.js';
import { errorCodes } from '../common/errors/error-codes.js';
const text = {
    type: 'string'
};
/** The schema of every error's answer, RFC 9457 with our members. */ const problemSchema = {
    type: 'object',
    required: [
        'type',
        'title',
        'status',
        'detail',
        'code',
        'error'
    ],
    properties: {
        type: {
            ...text,
            description: 'A URN made of the code.'
        },
        title: {
            ...text,
            description: 'The same for every problem of this code.'
        },
        status: {
            type: 'integer'
        },
        detail: {
            ...text,
            description: 'What went wrong this time and what to do.'
        },
        code: {
            ...text,
            enum: errorCodes,
            description: 'Stable: branch on this.'
        },
        error: {
            ...text,
            description: 'The same as `detail`.'
        },
        invocationId: {
            ...text,
            description: 'The call that failed.'
        },
        field: {
            ...text,
            description: 'The field of the request that broke a rule.'
        },
        reason: {
            ...text,
            description: 'The rule that was broken, e.g. `unsafe_path`.'
        },
        errorType: {
            ...text,
            description: 'Class name of what the function threw.'
        },
        errorMessage: {
            ...text,
            description: 'Message of what the function threw.'
        },
        output: {
            ...text,
            description: 'The last lines that the function printed.'
        }
    }
};
/** Below these paths lie the pages that no controller serves, so no guard protects them. */ export const pagePaths = [
    '/openapi.json',
    '/docs'
];
/** Their place in the document. */ const pages = {
    '/openapi.json': {
        get: {
            operationId: 'openapi',
            summary: 'This document',
            tags: [
                'documentation'
            ],
            security: [
                {
                    [keySecurity]: []
                }
            ],
            responses: {
                200: {
                    description: 'OpenAPI 3.1.',
                    content: {
                        'application/json': {
                            schema: {}
                        }
                    }
                }
            }
        }
    },
    '/docs': {
        get: {
            operationId: 'docs',
            summary: 'This document as a page',
            tags: [
                'documentation'
            ],
            security: [
                {
                    [keySecurity]: []
                }
            ],
            responses: {
                200: {
                    description: 'HTML.',
                    content: {
                        'text/html': {
                            schema: text
                        }
                    }
                }
            }
        }
    }
};
/** Every route of the application, its errors among them. */ export function openApiDocument(application) {
    const description = new DocumentBuilder().setOpenAPIVersion('3.1.0').setTitle('Glambdar').setDescription('A serverless function runtime: deploy a zip, call it over HTTP.').setVersion('1').addBearerAuth({
        type: 'http',
        description: 'A key, `glb_<id>_<secret>`. Not needed as long as there is none.'
    }, keySecurity).build();
    const document = SwaggerModule.createDocument(application, description);
    return {
        ...document,
        paths: {
            ...namedByMethod(document.paths),
            ...pages
        },
        components: {
            ...document.components,
            schemas: {
                ...document.components?.schemas,
                Problem: problemSchema
            }
        }
    };
}
/** Serves the document and its page; it is made when somebody first asks, not at every boot. */ export function serveOpenApi(application) {
    SwaggerModule.setup('docs', application, ()=>openApiDocument(application), {
        jsonDocumentUrl: 'openapi.json',
        raw: [
            'json'
        ]
    });
}

//# sourceMappingURL=openapi.js.map