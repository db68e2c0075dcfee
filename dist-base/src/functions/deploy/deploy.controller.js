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
import { Body, Controller, Post, Put, Res, UseInterceptors } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { RequiresScope } from '../../common/access/route-access.js';
import { Audited } from '../../common/audit/audited.js';
import { SettingsReader } from '../settings/settings-reader.js';
import { ArchiveUploadInterceptor, UploadedArchive } from './archive-upload.interceptor.js';
import { DeployAnswer } from './deploy-answer.js';
import { settingsIn } from './deploy-form.js';
import { DocumentedDeploy, DocumentedPublish } from './deploy.openapi.js';
import { VersionService } from '../versions/version.service.js';
import { DeployService } from './deploy.service.js';
export class DeployController {
    deploys;
    versions;
    settings;
    constructor(deploys, versions, settings){
        this.deploys = deploys;
        this.versions = versions;
        this.settings = settings;
    }
    async deploy(archive, form) {
        try {
            const settings = settingsIn(form, this.settings) ?? this.settings.fromForm(undefined);
            return new DeployAnswer(await this.deploys.deploy(archive, settings));
        } finally{
            await this.deploys.discard(archive);
        }
    }
    async publish(archive, form, response) {
        try {
            const published = await this.versions.publish(archive, settingsIn(form, this.settings));
            if (published.isNew) response.status(201);
            return new DeployAnswer(published);
        } finally{
            await this.deploys.discard(archive);
        }
    }
}
_ts_decorate([
    Post('deploy'),
    RequiresScope('functions:deploy'),
    UseInterceptors(ArchiveUploadInterceptor),
    DocumentedDeploy(),
    Audited('function.deploy'),
    _ts_param(0, UploadedArchive()),
    _ts_param(1, Body()),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof ReceivedArchive === "undefined" ? Object : ReceivedArchive,
        Object
    ]),
    _ts_metadata("design:returntype", Promise)
], DeployController.prototype, "deploy", null);
_ts_decorate([
    Put('deploy/:name'),
    RequiresScope('functions:deploy'),
    UseInterceptors(ArchiveUploadInterceptor),
    DocumentedPublish(),
    Audited('function.deploy'),
    _ts_param(0, UploadedArchive()),
    _ts_param(1, Body()),
    _ts_param(2, Res({
        passthrough: true
    })),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof ReceivedArchive === "undefined" ? Object : ReceivedArchive,
        Object,
        typeof Response === "undefined" ? Object : Response
    ]),
    _ts_metadata("design:returntype", Promise)
], DeployController.prototype, "publish", null);
DeployController = _ts_decorate([
    ApiTags('functions'),
    Controller(),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof DeployService === "undefined" ? Object : DeployService,
        typeof VersionService === "undefined" ? Object : VersionService,
        typeof SettingsReader === "undefined" ? Object : SettingsReader
    ])
], DeployController);

//# sourceMappingURL=deploy.controller.js.map