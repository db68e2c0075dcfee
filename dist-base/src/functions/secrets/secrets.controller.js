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
import { Controller, Delete, Get, HttpCode, Inject, Param, Put, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { RequiresScope } from '../../common/access/route-access.js';
import { Audited } from '../../common/audit/audited.js';
import { readJsonBody } from '../../common/request-body/read-json-body.js';
import { FunctionNamePipe } from '../function-name.pipe.js';
import { FunctionRegistry } from '../function-registry.js';
import { SecretList, SecretMetadata } from './secret-answer.js';
import { SecretKeyPipe } from './secret-key.pipe.js';
import { parseSecretValue } from './secret-value.js';
import { DocumentedSecretDelete, DocumentedSecretList, DocumentedSecretPut } from './secrets.openapi.js';
import { SecretsService } from './secrets.service.js';
import { secretsSettings } from './secrets.settings.js';
/** Around the value: the braces, the field's name, and room to lay them out. */ const bodyOverheadBytes = 1024;
/** JSON may write any byte of the value as `\u0000`. */ const longestEscapeBytes = 6;
export class SecretsController {
    secrets;
    registry;
    settings;
    constructor(secrets, registry, settings){
        this.secrets = secrets;
        this.registry = registry;
        this.settings = settings;
    }
    list(name) {
        return new SecretList(this.registry.get(name));
    }
    async put(name, key, request) {
        const limitBytes = this.settings.maxSecretBytes * longestEscapeBytes + bodyOverheadBytes;
        const value = parseSecretValue(await readJsonBody(request, limitBytes), this.settings);
        return new SecretMetadata(await this.secrets.put(name, key, value));
    }
    async delete(name, key) {
        await this.secrets.delete(name, key);
    }
}
_ts_decorate([
    Get(':name'),
    RequiresScope('functions:read'),
    DocumentedSecretList(),
    _ts_param(0, Param('name', FunctionNamePipe)),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof FunctionName === "undefined" ? Object : FunctionName
    ]),
    _ts_metadata("design:returntype", typeof SecretList === "undefined" ? Object : SecretList)
], SecretsController.prototype, "list", null);
_ts_decorate([
    Put(':name/:key'),
    RequiresScope('secrets:write'),
    DocumentedSecretPut(),
    Audited('secret.put'),
    _ts_param(0, Param('name', FunctionNamePipe)),
    _ts_param(1, Param('key', SecretKeyPipe)),
    _ts_param(2, Req()),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof FunctionName === "undefined" ? Object : FunctionName,
        typeof SecretKey === "undefined" ? Object : SecretKey,
        typeof Request === "undefined" ? Object : Request
    ]),
    _ts_metadata("design:returntype", Promise)
], SecretsController.prototype, "put", null);
_ts_decorate([
    Delete(':name/:key'),
    HttpCode(204),
    RequiresScope('secrets:write'),
    DocumentedSecretDelete(),
    Audited('secret.delete'),
    _ts_param(0, Param('name', FunctionNamePipe)),
    _ts_param(1, Param('key', SecretKeyPipe)),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof FunctionName === "undefined" ? Object : FunctionName,
        typeof SecretKey === "undefined" ? Object : SecretKey
    ]),
    _ts_metadata("design:returntype", Promise)
], SecretsController.prototype, "delete", null);
SecretsController = _ts_decorate([
    ApiTags('secrets'),
    Controller('secrets'),
    _ts_param(2, Inject(secretsSettings.config.KEY)),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof SecretsService === "undefined" ? Object : SecretsService,
        typeof FunctionRegistry === "undefined" ? Object : FunctionRegistry,
        typeof SecretsSettings === "undefined" ? Object : SecretsSettings
    ])
], SecretsController);

//# sourceMappingURL=secrets.controller.js.map