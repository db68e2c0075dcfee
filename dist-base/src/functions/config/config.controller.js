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
import { Controller, Get, Param, Patch, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { RequiresScope } from '../../common/access/route-access.js';
import { Audited } from '../../common/audit/audited.js';
import { readJsonBody } from '../../common/request-body/read-json-body.js';
import { FunctionNamePipe } from '../function-name.pipe.js';
import { configOf, FunctionConfig } from '../settings/function-settings.dto.js';
import { DocumentedConfig, DocumentedConfigChange, patchTypes } from './config.openapi.js';
import { ConfigService } from './config.service.js';
/** The environment may have 16 KiB before JSON escapes it. */ const maxPatchBytes = 64 * 1024;
export class ConfigController {
    configs;
    constructor(configs){
        this.configs = configs;
    }
    show(name) {
        return configOf(this.configs.settingsOf(name));
    }
    async change(name, request) {
        const patch = await readJsonBody(request, maxPatchBytes, patchTypes);
        return configOf(await this.configs.change(name, patch));
    }
}
_ts_decorate([
    Get(':name'),
    RequiresScope('functions:read'),
    DocumentedConfig(),
    _ts_param(0, Param('name', FunctionNamePipe)),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof FunctionName === "undefined" ? Object : FunctionName
    ]),
    _ts_metadata("design:returntype", typeof FunctionConfig === "undefined" ? Object : FunctionConfig)
], ConfigController.prototype, "show", null);
_ts_decorate([
    Patch(':name'),
    RequiresScope('functions:deploy'),
    DocumentedConfigChange(),
    Audited('function.configure'),
    _ts_param(0, Param('name', FunctionNamePipe)),
    _ts_param(1, Req()),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof FunctionName === "undefined" ? Object : FunctionName,
        typeof Request === "undefined" ? Object : Request
    ]),
    _ts_metadata("design:returntype", Promise)
], ConfigController.prototype, "change", null);
ConfigController = _ts_decorate([
    ApiTags('functions'),
    Controller('config'),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof ConfigService === "undefined" ? Object : ConfigService
    ])
], ConfigController);

//# sourceMappingURL=config.controller.js.map