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
import { isLoopback } from '../../common/access/loopback.js';
import { Log } from '../../common/log/log.js';
import { accessSettings } from '../access.settings.js';
import { KeyRing } from '../key/key-ring.js';
/** The server would be open to a network. The message is for whoever starts it. */ export class OpenServerRefused extends Error {
    name = 'OpenServerRefused';
}
export class Listening {
    keys;
    log;
    settings;
    constructor(keys, log, settings){
        this.keys = keys;
        this.log = log;
        this.settings = settings;
    }
    /** Whether everybody who reaches the server may do everything. */ get isOpen() {
        return !this.keys.inForce;
    }
    /** Asked before the server listens on `address`. Throws `OpenServerRefused`. */ require(address) {
        if (!this.isOpen) return;
        if (isLoopback(address) && !this.isPublished) {
            this.log.info({}, 'there is no key: everybody on this machine may deploy, call and delete functions');
            return;
        }
        if (!this.settings.insecureNoAuth) throw new OpenServerRefused(this.refusal(address));
        this.log.warn({
            address
        }, 'THERE IS NO KEY: everybody who reaches this address may deploy, call and delete functions');
    }
    /** Who sets these has a proxy in front of the server, and with it a network. */ get isPublished() {
        return this.settings.allowedHosts !== '' || this.settings.trustedProxies !== '';
    }
    refusal(address) {
        const reach = isLoopback(address) ? 'GLAMBDAR_ALLOWED_HOSTS or GLAMBDAR_TRUSTED_PROXIES is set, so other machines reach the server through a proxy' : `Other machines reach ${address}`;
        return `${reach}, and there is no key, so they could all deploy and call functions. ` + 'Make a key first: npm run keys -- create --name me --scopes admin. ' + 'Or let only this machine reach it (GLAMBDAR_HOST=127.0.0.1 and no proxy), ' + 'or allow it with GLAMBDAR_INSECURE_NO_AUTH=true.';
    }
}
Listening = _ts_decorate([
    Injectable(),
    _ts_param(2, Inject(accessSettings.config.KEY)),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof KeyRing === "undefined" ? Object : KeyRing,
        typeof Log === "undefined" ? Object : Log,
        typeof AccessSettings === "undefined" ? Object : AccessSettings
    ])
], Listening);

//# sourceMappingURL=listening.js.map