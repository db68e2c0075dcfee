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
import { DomainError } from '../../common/errors/domain-error.js';
import { Clock } from '../../common/time/clock.js';
import { FunctionRegistry } from '../function-registry.js';
import { ReplacementService } from '../replacement.service.js';
import { SecretVault } from './secret-vault.js';
import { valueBytesOf } from './sealed-secret.js';
import { secretsSettings } from './secrets.settings.js';
export class SecretsService {
    vault;
    registry;
    replacements;
    clock;
    settings;
    constructor(vault, registry, replacements, clock, settings){
        this.vault = vault;
        this.registry = registry;
        this.replacements = replacements;
        this.clock = clock;
        this.settings = settings;
    }
    /** Rejects with `FUNCTION_NOT_FOUND`, `INVALID_CONFIG` at a limit, `SECRETS_UNAVAILABLE`, or as the store does. */ async put(name, key, value) {
        this.registry.get(name);
        this.vault.requireKey(()=>this.registry.list().some(({ secrets })=>secrets.length > 0));
        const replaced = await this.replacements.replace(name, (current)=>this.withSecret(current, key, value), {
            mustLoad: false
        });
        return secretOf(replaced, key);
    }
    /** Rejects with `FUNCTION_NOT_FOUND` or `SECRET_NOT_FOUND`, or as the store does. */ async delete(name, key) {
        await this.replacements.replace(name, (current)=>withoutSecret(current, key), {
            mustLoad: false
        });
    }
    withSecret(current, key, value) {
        const now = this.clock.wallTime();
        const others = current.secrets.filter((secret)=>secret.key !== key);
        const before = current.secrets.find((secret)=>secret.key === key);
        const secret = {
            key,
            ...this.vault.seal(current.id, key, value),
            createdAt: before?.createdAt ?? now,
            updatedAt: now
        };
        this.requireRoom(others, secret);
        return {
            ...current,
            secrets: [
                ...others,
                secret
            ].sort(byKey)
        };
    }
    requireRoom(others, added) {
        const { maxSecrets, maxTotalBytes } = this.settings;
        if (others.length + 1 > maxSecrets) {
            throw limit('key', `a function may have at most ${maxSecrets} secrets; delete one first`);
        }
        const totalBytes = [
            ...others,
            added
        ].reduce((sum, secret)=>sum + valueBytesOf(secret), 0);
        if (totalBytes > maxTotalBytes) {
            throw limit('value', `the secrets of a function may have at most ${maxTotalBytes} bytes together`);
        }
    }
}
SecretsService = _ts_decorate([
    Injectable(),
    _ts_param(4, Inject(secretsSettings.config.KEY)),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof SecretVault === "undefined" ? Object : SecretVault,
        typeof FunctionRegistry === "undefined" ? Object : FunctionRegistry,
        typeof ReplacementService === "undefined" ? Object : ReplacementService,
        typeof Clock === "undefined" ? Object : Clock,
        typeof SecretsSettings === "undefined" ? Object : SecretsSettings
    ])
], SecretsService);
function withoutSecret(current, key) {
    secretOf(current, key);
    return {
        ...current,
        secrets: current.secrets.filter((secret)=>secret.key !== key)
    };
}
function secretOf({ secrets }, key) {
    const found = secrets.find((secret)=>secret.key === key);
    if (found) return found;
    throw new DomainError('SECRET_NOT_FOUND', `The function has no secret "${key}".`);
}
function byKey(a, b) {
    return a.key < b.key ? -1 : 1;
}
function limit(field, rule) {
    return new DomainError('INVALID_CONFIG', `The secret was refused: ${rule}.`, {
        field,
        reason: rule
    });
}

//# sourceMappingURL=secrets.service.js.map