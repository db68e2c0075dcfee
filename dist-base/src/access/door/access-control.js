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
import { setCaller } from '../../common/access/caller.js';
import { isLoopback } from '../../common/access/loopback.js';
import { grants } from '../../common/access/scope.js';
import { DomainError } from '../../common/errors/domain-error.js';
import { accessSettings } from '../access.settings.js';
import { Refusals } from '../audit/refusals.js';
import { KeyRing } from '../key/key-ring.js';
import { RequestLimits } from '../rate/request-limits.js';
import { clientAddress, parseAddressSet } from './client-address.js';
const noAddress = ()=>false;
export class AccessControl {
    keys;
    limits;
    refusals;
    isTrustedProxy;
    constructor(keys, limits, refusals, settings){
        this.keys = keys;
        this.limits = limits;
        this.refusals = refusals;
        this.isTrustedProxy = parseAddressSet(settings.trustedProxies) ?? noAddress;
    }
    /**
   * Lets a request to a route come in, as the route says; one that says nothing answers nobody. Throws and returns as
   * `admit` does.
   */ enter(access, request, response) {
        switch(access?.kind){
            case 'public':
                setCaller(request, {
                    keyId: undefined,
                    address: this.addressOf(request)
                });
                return undefined;
            case 'scope':
                return this.admit(request, response, access.scope);
            case undefined:
                throw new DomainError('FORBIDDEN', 'This route is not open to anybody.');
            default:
                return access;
        }
    }
    /**
   * Throws `UNAUTHENTICATED`, `FORBIDDEN` or `RATE_LIMITED`. A promise only when the keys have to be read again first,
   * which is at most once a second, so that the usual call waits for nothing.
   */ admit(request, response, needed) {
        const refreshing = this.keys.refresh();
        if (!refreshing) {
            this.admitNow(request, response, needed);
            return undefined;
        }
        return refreshing.then(()=>{
            this.admitNow(request, response, needed);
        });
    }
    /** For a request that came under a foreign name or from a foreign page; gives the error that answers it. */ refuseHost(request, response, reason) {
        const address = this.addressOf(request);
        return this.refusal(request, response, new DomainError('UNKNOWN_HOST', reason), {
            address
        });
    }
    admitNow(request, response, needed) {
        const address = this.addressOf(request);
        const key = this.keys.inForce ? this.authenticated(request, response, address) : undefined;
        setCaller(request, {
            keyId: key?.id,
            address
        });
        // Whoever sits at the machine and has made no key is its owner, who may be as quick as he likes.
        if (key || !isLoopback(address)) this.limits.take(needed, key?.id ?? address, response);
        if (!key || grants(key.scopes, needed)) return;
        response.setHeader('WWW-Authenticate', `Bearer error="insufficient_scope", scope="${needed}"`);
        const error = new DomainError('FORBIDDEN', `This key may not do that; use one with the scope ${needed}, or with admin.`);
        throw this.refusal(request, response, error, {
            address,
            keyId: key.id
        });
    }
    authenticated(request, response, address) {
        const { authorization } = request.headers;
        const key = this.keys.verify(authorization);
        if (key) return key;
        this.limits.takeFailure(address, response);
        const isShown = authorization !== undefined;
        response.setHeader('WWW-Authenticate', isShown ? 'Bearer error="invalid_token"' : 'Bearer');
        const error = new DomainError('UNAUTHENTICATED', isShown ? 'The key is not valid: it is none of this server, has expired or was revoked.' : 'Show a key in the header "Authorization: Bearer <key>".');
        throw this.refusal(request, response, error, {
            address
        });
    }
    refusal(request, response, error, { keyId, address }) {
        this.refusals.note(request, response, {
            code: error.code,
            keyId,
            address
        });
        return error;
    }
    addressOf(request) {
        const forwardedFor = request.headers['x-forwarded-for'];
        return clientAddress(request.socket.remoteAddress ?? '', typeof forwardedFor === 'string' ? forwardedFor : undefined, this.isTrustedProxy);
    }
}
AccessControl = _ts_decorate([
    Injectable(),
    _ts_param(3, Inject(accessSettings.config.KEY)),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof KeyRing === "undefined" ? Object : KeyRing,
        typeof RequestLimits === "undefined" ? Object : RequestLimits,
        typeof Refusals === "undefined" ? Object : Refusals,
        typeof AccessSettings === "undefined" ? Object : AccessSettings
    ])
], AccessControl);

//# sourceMappingURL=access-control.js.map