function _ts_decorate(decorators, target, key, desc) {
    var c = arguments.length, r = c < 3 ? target : desc === null ? desc = Object.getOwnPropertyDescriptor(target, key) : desc, d;
    if (typeof Reflect === "object" && typeof Reflect.decorate === "function") {
        r = Reflect.decorate(decorators, target, key, desc);
    } else {
        for(var i = decorators.length - 1; i >= 0; i--){
            if (d = decorators[i]) {
                r = (c < 3 ? d(r) : c > 3 ? d(target, key, r) : d(target, key)) || r;
            }
        }
    }
    return c > 3 && r && Object.defineProperty(target, key, r), r;
}
function _ts_metadata(metadataKey, metadataValue) {
    if (typeof Reflect === "object" && typeof Reflect.metadata === "function") {
        return Reflect.metadata(metadataKey, metadataValue);
    }
}
function _ts_param(paramIndex, decorator) {
    return function(target, key) {
        decorator(target, key, paramIndex);
    };
}
import { Controller, Get, HttpCode, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiServiceUnavailableResponse, ApiTags } from '@nestjs/swagger';
import { Public, RequiresScope } from '../common/access/route-access.js';
import { Readiness } from './readiness.js';
const check = {
    type: 'object',
    required: [
        'status'
    ],
    properties: {
        status: {
            type: 'string',
            enum: [
                'up',
                'down'
            ]
        }
    },
    additionalProperties: true
};
const healthSchema = {
    type: 'object',
    required: [
        'status',
        'details'
    ],
    properties: {
        status: {
            type: 'string',
            enum: [
                'ok',
                'error'
            ]
        },
        info: {
            type: 'object',
            description: 'The checks that passed.',
            additionalProperties: check
        },
        error: {
            type: 'object',
            description: 'The checks that failed.',
            additionalProperties: check
        },
        details: {
            type: 'object',
            description: 'All checks.',
            additionalProperties: check
        }
    }
};
export class HealthController {
    readiness;
    constructor(readiness){
        this.readiness = readiness;
    }
    live() {
        return {
            status: 'ok'
        };
    }
    async ready(response) {
        const result = await this.readiness.check();
        if (result.status !== 'ok') response.status(503);
        return result;
    }
}
_ts_decorate([
    Get('live'),
    Public(),
    ApiOperation({
        operationId: 'live',
        summary: 'Whether the process serves',
        description: 'Asks nothing else.'
    }),
    ApiOkResponse({
        schema: {
            type: 'object',
            required: [
                'status'
            ],
            properties: {
                status: {
                    type: 'string',
                    enum: [
                        'ok'
                    ]
                }
            }
        }
    }),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", []),
    _ts_metadata("design:returntype", Object)
], HealthController.prototype, "live", null);
_ts_decorate([
    Get('ready'),
    RequiresScope('functions:read'),
    HttpCode(200),
    ApiOperation({
        operationId: 'ready',
        summary: 'Whether calls can be served',
        description: 'Container engine, worker image, store, disk, and that the server is not shutting down.'
    }),
    ApiOkResponse({
        schema: healthSchema
    }),
    ApiServiceUnavailableResponse({
        description: 'Some check failed.',
        schema: healthSchema
    }),
    _ts_param(0, Res({
        passthrough: true
    })),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof Response === "undefined" ? Object : Response
    ]),
    _ts_metadata("design:returntype", Promise)
], HealthController.prototype, "ready", null);
HealthController = _ts_decorate([
    ApiTags('health'),
    Controller('health'),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof Readiness === "undefined" ? Object : Readiness
    ])
], HealthController);

//# sourceMappingURL=health.controller.js.map