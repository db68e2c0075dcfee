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
import { parseJson } from '../../common/request-body/parse-json.js';
import { boundsOfMachine, chooseSettings, invalidSettings, requireKnown } from './choose-settings.js';
import { functionDefaults } from './default-settings.js';
import { mergePatch } from './merge-patch.js';
export class SettingsReader {
    bounds;
    constructor(defaults){
        this.bounds = boundsOfMachine(defaults);
    }
    /** The form field `settings`; without it, all defaults. */ fromForm(field) {
        return chooseSettings(field === undefined ? {} : jsonObject(field), this.bounds);
    }
    /** The settings after a JSON merge patch (RFC 7396), in which `null` restores the default. */ patched(current, patch) {
        if (!isObject(patch)) throw invalidSettings('settings', 'settings must be one JSON object');
        requireKnown(patch);
        return chooseSettings(mergePatch(current.chosen, patch), this.bounds);
    }
}
SettingsReader = _ts_decorate([
    Injectable(),
    _ts_param(0, Inject(functionDefaults.config.KEY)),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof FunctionDefaults === "undefined" ? Object : FunctionDefaults
    ])
], SettingsReader);
function jsonObject(field) {
    const value = typeof field === 'string' ? parsed(field) : undefined;
    if (isObject(value)) return value;
    throw invalidSettings('settings', 'settings must be one JSON object');
}
function isObject(value) {
    return typeof value === 'object' && value !== null && !Array.isArray(value);
}
function parsed(text) {
    try {
        return parseJson(Buffer.from(text));
    } catch  {
        return undefined;
    }
}

//# sourceMappingURL=settings-reader.js.map