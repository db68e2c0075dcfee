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
import { Controller, Get, HttpCode, Param, Post, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { RequiresScope } from '../../common/access/route-access.js';
import { Audited } from '../../common/audit/audited.js';
import { readJsonBody } from '../../common/request-body/read-json-body.js';
import { DeployAnswer } from '../deploy/deploy-answer.js';
import { FunctionNamePipe } from '../function-name.pipe.js';
import { FunctionRegistry } from '../function-registry.js';
import { parseRollback } from './rollback-body.js';
import { VersionList } from './version-answer.js';
import { VersionService } from './version.service.js';
import { DocumentedRollback, DocumentedVersions } from './versions.openapi.js';
/** One number; this leaves room for white space. */ const maxBodyBytes = 1024;
export class VersionsController {
    versions;
    registry;
    constructor(versions, registry){
        this.versions = versions;
        this.registry = registry;
    }
    async list(name) {
        const versions = await this.versions.list(name);
        // Read afterwards: what is current then is what the answer says, whatever was changed meanwhile.
        return new VersionList(this.registry.get(name), versions);
    }
    async rollBack(name, request) {
        const { version } = parseRollback(await bodyOf(request));
        return new DeployAnswer({
            deployed: await this.versions.rollBack(name, version),
            warnings: []
        });
    }
}
_ts_decorate([
    Get('versions/:name'),
    RequiresScope('functions:read'),
    DocumentedVersions(),
    _ts_param(0, Param('name', FunctionNamePipe)),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof FunctionName === "undefined" ? Object : FunctionName
    ]),
    _ts_metadata("design:returntype", Promise)
], VersionsController.prototype, "list", null);
_ts_decorate([
    Post('rollback/:name'),
    HttpCode(200),
    RequiresScope('functions:deploy'),
    DocumentedRollback(),
    Audited('function.rollback'),
    _ts_param(0, Param('name', FunctionNamePipe)),
    _ts_param(1, Req()),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof FunctionName === "undefined" ? Object : FunctionName,
        typeof Request === "undefined" ? Object : Request
    ]),
    _ts_metadata("design:returntype", Promise)
], VersionsController.prototype, "rollBack", null);
VersionsController = _ts_decorate([
    ApiTags('functions'),
    Controller(),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof VersionService === "undefined" ? Object : VersionService,
        typeof FunctionRegistry === "undefined" ? Object : FunctionRegistry
    ])
], VersionsController);
/** No body at all asks for the version before. */ async function bodyOf(request) {
    const { 'content-length': length = '0', 'transfer-encoding': encoding } = request.headers;
    if (length === '0' && encoding === undefined) return {};
    return readJsonBody(request, maxBodyBytes, [
        'application/json'
    ]);
}

//# sourceMappingURL=versions.controller.js.map