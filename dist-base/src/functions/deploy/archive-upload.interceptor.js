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
import { createParamDecorator, Inject, Injectable } from '@nestjs/common';
import multer from 'multer';
import { finalize } from 'rxjs';
import { tellAuditedSubject } from '../../common/audit/audited-subject.js';
import { DomainError } from '../../common/errors/domain-error.js';
import { archiveSettings, limitsFrom } from '../archive/archive.settings.js';
import { functionsSettings } from '../functions.settings.js';
import { ArchiveStorage } from './archive-storage.js';
import { DeployService } from './deploy.service.js';
import { missingFile, uploadErrorOf } from './upload-error.js';
/** The settings, of which the environment may be 16 KiB before JSON escapes it. */ const maxFieldBytes = 64 * 1024;
/** How long a client that is turned away should wait: about the time that one deployment takes. */ const retryAfterMs = 1000;
export class ArchiveUploadInterceptor {
    settings;
    receiveForm;
    underWay = 0;
    constructor(deploys, archive, settings){
        this.settings = settings;
        this.receiveForm = multer({
            storage: new ArchiveStorage(deploys),
            // The file's name names the function: it is taken as it was sent, so that a path in it is refused, not cut.
            preservePath: true,
            defParamCharset: 'utf8',
            limits: {
                files: 1,
                fields: 2,
                parts: 4,
                fileSize: limitsFrom(archive).maxArchiveBytes,
                fieldSize: maxFieldBytes,
                fieldNameSize: 100,
                fieldNestingDepth: 1,
                fieldArrayIndexLimit: 1,
                headerPairs: 50
            }
        }).single('file');
    }
    async intercept(context, next) {
        const request = context.switchToHttp().getRequest();
        requireForm(request);
        this.enter();
        try {
            await this.receive(request, context.switchToHttp().getResponse());
            return next.handle().pipe(finalize(()=>{
                this.leave();
            }));
        } catch (error) {
            this.leave();
            throw error;
        }
    }
    async receive(request, response) {
        const error = await new Promise((resolve)=>{
            void this.receiveForm(request, response, resolve);
        });
        if (error) throw uploadErrorOf(error);
        const archive = archiveIn(request);
        if (!archive) throw missingFile();
        tellAuditedSubject(request, ()=>({
                target: archive.name,
                sha256: archive.upload.sha256
            }));
    }
    enter() {
        if (this.underWay >= this.settings.parallelDeploys) {
            throw new DomainError('OVERLOADED', 'Too many functions are being deployed at this moment; try again.', {
                retryAfterMs
            });
        }
        this.underWay += 1;
    }
    leave() {
        this.underWay -= 1;
    }
}
ArchiveUploadInterceptor = _ts_decorate([
    Injectable(),
    _ts_param(1, Inject(archiveSettings.config.KEY)),
    _ts_param(2, Inject(functionsSettings.config.KEY)),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof DeployService === "undefined" ? Object : DeployService,
        typeof SettingsOf === "undefined" ? Object : SettingsOf,
        typeof FunctionsSettings === "undefined" ? Object : FunctionsSettings
    ])
], ArchiveUploadInterceptor);
/** The archive that `ArchiveUploadInterceptor` has taken in for this request. */ export const UploadedArchive = createParamDecorator((_, context)=>archiveIn(context.switchToHttp().getRequest()));
function archiveIn(request) {
    return request.file?.archive;
}
function requireForm(request) {
    if (/^multipart\/form-data\s*(;|$)/i.test(request.headers['content-type'] ?? '')) return;
    throw new DomainError('UNSUPPORTED_MEDIA_TYPE', 'Send a form (multipart/form-data) with the zip archive in its field "file".');
}

//# sourceMappingURL=archive-upload.interceptor.js.map