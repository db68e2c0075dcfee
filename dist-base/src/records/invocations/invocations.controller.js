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
import { Controller, Get, Param, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { RequiresScope } from '../../common/access/route-access.js';
import { DomainError } from '../../common/errors/domain-error.js';
import { parseFunctionName } from '../../functions/function-name.js';
import { FunctionRegistry } from '../../functions/function-registry.js';
import { invocationIdPattern, QueryFields } from '../query-fields.js';
import { RecordReader } from '../record-reader.js';
import { sendJson } from '../send-json.js';
import { invocationOutcomes } from '../store/ended-invocation.js';
import { InvocationAnswer, InvocationList } from './invocation-answer.js';
import { defaultInvocations, DocumentedInvocation, DocumentedInvocations, maxInvocations } from './invocations.openapi.js';
export class InvocationsController {
    functions;
    reader;
    constructor(functions, reader){
        this.functions = functions;
        this.reader = reader;
    }
    async list(query, response) {
        const given = new QueryFields(query, [
            'function',
            'outcome',
            'limit'
        ]);
        const outcome = given.oneOf('outcome', invocationOutcomes);
        const limit = given.integer('limit', {
            min: 1,
            max: maxInvocations
        }) ?? defaultInvocations;
        const name = given.matching('function', /^/, "a function's name");
        const functionId = name === undefined ? undefined : this.functions.get(parseFunctionName(name, 'in the query field function')).id;
        const records = await this.reader.invocations({
            limit,
            ...functionId === undefined ? {} : {
                functionId
            },
            ...outcome === undefined ? {} : {
                outcome
            }
        });
        sendJson(response, new InvocationList(records));
    }
    async get(id, response) {
        // What cannot be an id is looked for nowhere.
        const record = invocationIdPattern.test(id) ? await this.reader.invocation(id) : undefined;
        if (!record) {
            throw new DomainError('INVOCATION_NOT_FOUND', 'There is no record of such an invocation: it names no function, is still running, or is too long ago.');
        }
        sendJson(response, new InvocationAnswer(record));
    }
}
_ts_decorate([
    Get(),
    RequiresScope('logs:read'),
    DocumentedInvocations(),
    _ts_param(0, Query()),
    _ts_param(1, Res()),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof RawQuery === "undefined" ? Object : RawQuery,
        typeof Response === "undefined" ? Object : Response
    ]),
    _ts_metadata("design:returntype", Promise)
], InvocationsController.prototype, "list", null);
_ts_decorate([
    Get(':id'),
    RequiresScope('logs:read'),
    DocumentedInvocation(),
    _ts_param(0, Param('id')),
    _ts_param(1, Res()),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        String,
        typeof Response === "undefined" ? Object : Response
    ]),
    _ts_metadata("design:returntype", Promise)
], InvocationsController.prototype, "get", null);
InvocationsController = _ts_decorate([
    ApiTags('records'),
    Controller('invocations'),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof FunctionRegistry === "undefined" ? Object : FunctionRegistry,
        typeof RecordReader === "undefined" ? Object : RecordReader
    ])
], InvocationsController);

//# sourceMappingURL=invocations.controller.js.map