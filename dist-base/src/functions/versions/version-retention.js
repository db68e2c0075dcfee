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
import { Inject, Injectable } from '@nestjs/common';
import { Log } from '../../common/log/log.js';
import { FunctionRegistry } from '../function-registry.js';
import { functionsSettings } from '../functions.settings.js';
import { RetiredCode } from '../retired-code.js';
import { FunctionStore } from '../store/function-store.js';
import { surplusVersions } from './surplus-versions.js';
export class VersionRetention {
    store;
    registry;
    retiredCode;
    log;
    settings;
    constructor(store, registry, retiredCode, log, settings){
        this.store = store;
        this.registry = registry;
        this.retiredCode = retiredCode;
        this.log = log;
        this.settings = settings;
    }
    /**
   * For those who have the function's turn. Their records go first, so that nobody can go back to them, then their code,
   * once no call in flight needs it. Never rejects: what cannot be let go now is seen again with the next version.
   */ async collect(deployed) {
        try {
            const versions = await this.store.versions(deployed.id);
            const surplus = surplusVersions(versions, deployed.version.id, this.settings.keptVersions);
            await this.store.removeVersions(deployed.id, surplus.map(({ id })=>id));
            for (const { id } of surplus){
                const leases = this.registry.retireVersion(deployed, id);
                await this.retiredCode.retire({
                    name: deployed.name,
                    versionId: id
                }, leases);
            }
        } catch (error) {
            this.log.warn({
                err: error,
                function: deployed.name
            }, 'old versions could not be removed');
        }
    }
}
VersionRetention = _ts_decorate([
    Injectable(),
    _ts_param(4, Inject(functionsSettings.config.KEY)),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof FunctionStore === "undefined" ? Object : FunctionStore,
        typeof FunctionRegistry === "undefined" ? Object : FunctionRegistry,
        typeof RetiredCode === "undefined" ? Object : RetiredCode,
        typeof Log === "undefined" ? Object : Log,
        typeof FunctionsSettings === "undefined" ? Object : FunctionsSettings
    ])
], VersionRetention);

//# sourceMappingURL=version-retention.js.map