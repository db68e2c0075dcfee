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
import { recordsSettings } from '../records.settings.js';
export class LogFeed {
    settings;
    listeners = new Map();
    count = 0;
    isClosed = false;
    constructor(settings){
        this.settings = settings;
    }
    /** Throws `OVERLOADED` when too many follow already, `DRAINING` when the server stops. */ subscribe(functionId, listener) {
        if (this.isClosed) {
            throw new DomainError('DRAINING', 'The server is shutting down; try again shortly.', {
                retryAfterMs: 5000
            });
        }
        if (this.count >= this.settings.followers) {
            throw new DomainError('OVERLOADED', `${this.settings.followers} clients follow logs already, and no more may; ask without follow.`, {
                retryAfterMs: 5000
            });
        }
        const following = this.listeners.get(functionId) ?? new Set();
        this.listeners.set(functionId, following.add(listener));
        this.count += 1;
        return ()=>{
            if (!following.delete(listener)) return;
            this.count -= 1;
            if (following.size === 0) this.listeners.delete(functionId);
        };
    }
    publish(line) {
        const following = this.listeners.get(line.function.id);
        if (!following) return;
        for (const listener of following)listener.line(line);
    }
    /** The function is deleted. */ deleted(functionId) {
        this.end(functionId, 'deleted');
    }
    /** Before connections are waited for: these would never end by themselves. */ onModuleDestroy() {
        this.isClosed = true;
        for (const functionId of [
            ...this.listeners.keys()
        ])this.end(functionId, 'shutdown');
    }
    end(functionId, reason) {
        const following = this.listeners.get(functionId);
        if (!following) return;
        this.listeners.delete(functionId);
        this.count -= following.size;
        const ended = [
            ...following
        ];
        following.clear();
        for (const listener of ended)listener.end(reason);
    }
}
LogFeed = _ts_decorate([
    Injectable(),
    _ts_param(0, Inject(recordsSettings.config.KEY)),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof RecordsSettings === "undefined" ? Object : RecordsSettings
    ])
], LogFeed);

//# sourceMappingURL=log-feed.js.map