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
import { Controller, Delete, Get, HttpCode, Param } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { RequiresScope } from '../common/access/route-access.js';
import { Audited } from '../common/audit/audited.js';
import { ApiProblem } from '../common/openapi/api-problem.js';
import { DeletionService } from './deletion.service.js';
import { DocumentedName } from './documented-name.js';
import { FunctionList, FunctionMetadata } from './function-metadata.js';
import { FunctionNamePipe } from './function-name.pipe.js';
import { FunctionRegistry } from './function-registry.js';
export class FunctionsController {
    registry;
    deletion;
    constructor(registry, deletion){
        this.registry = registry;
        this.deletion = deletion;
    }
    list() {
        return new FunctionList(this.registry.list().map((deployed)=>this.metadataOf(deployed)));
    }
    describe(name) {
        return this.metadataOf(this.registry.get(name));
    }
    async delete(name) {
        await this.deletion.delete(name);
    }
    metadataOf(deployed) {
        return new FunctionMetadata(deployed, this.registry.isBroken(deployed.version.id) ? 'broken' : 'active');
    }
}
_ts_decorate([
    Get('info'),
    RequiresScope('functions:read'),
    ApiOperation({
        operationId: 'listFunctions',
        summary: 'List all functions'
    }),
    ApiOkResponse({
        type: FunctionList
    }),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", []),
    _ts_metadata("design:returntype", typeof FunctionList === "undefined" ? Object : FunctionList)
], FunctionsController.prototype, "list", null);
_ts_decorate([
    Get('info/:name'),
    RequiresScope('functions:read'),
    ApiOperation({
        operationId: 'getFunction',
        summary: 'Describe a function'
    }),
    DocumentedName(),
    ApiOkResponse({
        type: FunctionMetadata
    }),
    ApiProblem(400, 'INVALID_NAME'),
    ApiProblem(404, 'FUNCTION_NOT_FOUND'),
    _ts_param(0, Param('name', FunctionNamePipe)),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof FunctionName === "undefined" ? Object : FunctionName
    ]),
    _ts_metadata("design:returntype", typeof FunctionMetadata === "undefined" ? Object : FunctionMetadata)
], FunctionsController.prototype, "describe", null);
_ts_decorate([
    Delete('del/:name'),
    HttpCode(204),
    RequiresScope('functions:delete'),
    ApiOperation({
        operationId: 'deleteFunction',
        summary: 'Delete a function',
        description: 'Its code and its record go at once; calls in flight end with the code they began with.'
    }),
    DocumentedName(),
    ApiNoContentResponse({
        description: 'The function is gone and its name is free.'
    }),
    ApiProblem(400, 'INVALID_NAME'),
    ApiProblem(404, 'FUNCTION_NOT_FOUND'),
    ApiProblem(503, 'STORAGE_UNAVAILABLE'),
    ApiProblem(507, 'INSUFFICIENT_STORAGE'),
    Audited('function.delete'),
    _ts_param(0, Param('name', FunctionNamePipe)),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof FunctionName === "undefined" ? Object : FunctionName
    ]),
    _ts_metadata("design:returntype", Promise)
], FunctionsController.prototype, "delete", null);
FunctionsController = _ts_decorate([
    ApiTags('functions'),
    Controller(),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof FunctionRegistry === "undefined" ? Object : FunctionRegistry,
        typeof DeletionService === "undefined" ? Object : DeletionService
    ])
], FunctionsController);

//# sourceMappingURL=functions.controller.js.map