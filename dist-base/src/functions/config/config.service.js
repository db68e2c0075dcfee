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
import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import { FunctionRegistry } from '../function-registry.js';
import { ReplacementService } from '../replacement.service.js';
import { SettingsReader } from '../settings/settings-reader.js';
export class ConfigService {
    registry;
    replacements;
    reader;
    constructor(registry, replacements, reader){
        this.registry = registry;
        this.replacements = replacements;
        this.reader = reader;
    }
    /** Throws `FUNCTION_NOT_FOUND`. */ settingsOf(name) {
        return this.registry.get(name).settings;
    }
    /**
   * The settings after a JSON merge patch. Every call runs wholly on the ones it found, and none fails because they
   * change. Rejects, and nothing has changed, with `FUNCTION_NOT_FOUND`, with `INVALID_CONFIG`, when a changed handler
   * does not load with `CANDIDATE_NOT_LOADABLE`, or as `ReplacementService` does.
   */ async change(name, patch) {
        const current = this.settingsOf(name);
        // What breaks a rule is refused before it waits for its turn.
        const wanted = this.reader.patched(current, patch);
        if (isDeepStrictEqual(wanted, current)) return current;
        const { settings } = await this.replacements.replace(name, (latest)=>({
                ...latest,
                settings: this.reader.patched(latest.settings, patch)
            }), {
            mustLoad: wanted.handler !== current.handler
        });
        return settings;
    }
}
ConfigService = _ts_decorate([
    Injectable(),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof FunctionRegistry === "undefined" ? Object : FunctionRegistry,
        typeof ReplacementService === "undefined" ? Object : ReplacementService,
        typeof SettingsReader === "undefined" ? Object : SettingsReader
    ])
], ConfigService);

//# sourceMappingURL=config.service.js.map