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
import { Global, Inject, Injectable, Module } from '@nestjs/common';
import { ConfigModule } from '@nestjs/config';
import { Installation } from './installation.js';
import { installationSettings } from './installation.settings.js';
import { wantedDirectory } from './wanted-directory.js';
import { openInstallation } from './open-installation.js';
export class InstallationHolder {
    opened;
    constructor(settings){
        this.opened = openInstallation(wantedDirectory(settings));
    }
    onApplicationShutdown() {
        this.opened.lock.release();
    }
}
InstallationHolder = _ts_decorate([
    Injectable(),
    _ts_param(0, Inject(installationSettings.config.KEY)),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof InstallationSettings === "undefined" ? Object : InstallationSettings
    ])
], InstallationHolder);
export class InstallationModule {
}
InstallationModule = _ts_decorate([
    Global(),
    Module({
        imports: [
            ConfigModule.forFeature(installationSettings.config)
        ],
        providers: [
            InstallationHolder,
            {
                provide: Installation,
                inject: [
                    InstallationHolder
                ],
                useFactory: (holder)=>holder.opened.installation
            }
        ],
        exports: [
            Installation
        ]
    })
], InstallationModule);

//# sourceMappingURL=installation.module.js.map