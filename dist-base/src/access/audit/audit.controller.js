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
import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import { RequiresScope } from '../../common/access/route-access.js';
import { DomainError } from '../../common/errors/domain-error.js';
import { ApiProblem } from '../../common/openapi/api-problem.js';
import { AuditStore } from '../store/audit-store.js';
import { AuditPage } from './audit-answer.js';
const maxLimit = 1000;
const defaultLimit = 100;
export class AuditController {
    store;
    constructor(store){
        this.store = store;
    }
    async page(after, limit) {
        const from = integerIn('after', after, {
            min: 0,
            max: Number.MAX_SAFE_INTEGER,
            fallback: 0
        });
        const count = integerIn('limit', limit, {
            min: 1,
            max: maxLimit,
            fallback: defaultLimit
        });
        return new AuditPage(await this.store.after(from, count), from);
    }
}
_ts_decorate([
    Get(),
    RequiresScope('admin'),
    ApiOperation({
        operationId: 'listAudit',
        summary: 'Who changed what'
    }),
    ApiQuery({
        name: 'after',
        required: false,
        schema: {
            type: 'integer',
            minimum: 0,
            default: 0
        },
        description: 'Entries with a greater `sequence`.'
    }),
    ApiQuery({
        name: 'limit',
        required: false,
        schema: {
            type: 'integer',
            minimum: 1,
            maximum: maxLimit,
            default: defaultLimit
        }
    }),
    ApiOkResponse({
        type: AuditPage
    }),
    ApiProblem(400, 'MALFORMED_REQUEST'),
    ApiProblem(503, 'STORAGE_UNAVAILABLE'),
    _ts_param(0, Query('after')),
    _ts_param(1, Query('limit')),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        Object,
        Object
    ]),
    _ts_metadata("design:returntype", Promise)
], AuditController.prototype, "page", null);
AuditController = _ts_decorate([
    ApiTags('access'),
    Controller('audit'),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof AuditStore === "undefined" ? Object : AuditStore
    ])
], AuditController);
function integerIn(field, given, { min, max, fallback }) {
    if (given === undefined) return fallback;
    const value = typeof given === 'string' && /^\d{1,16}$/.test(given) ? Number(given) : Number.NaN;
    if (value >= min && value <= max) return value;
    throw new DomainError('MALFORMED_REQUEST', `${field} must be an integer from ${min} to ${max}.`, {
        field
    });
}

//# sourceMappingURL=audit.controller.js.map