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
import { DomainError } from '../common/errors/domain-error.js';
import { functionsSettings } from './functions.settings.js';
/** How long a change that is turned away should wait: about the time that one change takes. */ const retryAfterMs = 1000;
export class ChangeTurns {
    settings;
    lines = new Map();
    constructor(settings){
        this.settings = settings;
    }
    /** Does `change` in its turn. Rejects as it does, or with `OVERLOADED` when too many changes wait already. */ async take(name, change) {
        const line = this.lineOf(name);
        if (line.changes > this.settings.queuedChanges) {
            throw new DomainError('OVERLOADED', 'Too many changes of this function wait already; send this one again shortly.', {
                retryAfterMs
            });
        }
        line.changes += 1;
        const turn = line.last.then(change);
        line.last = turn.catch(()=>undefined);
        try {
            return await turn;
        } finally{
            line.changes -= 1;
            if (line.changes === 0) this.lines.delete(name);
        }
    }
    lineOf(name) {
        let line = this.lines.get(name);
        if (!line) {
            line = {
                changes: 0,
                last: Promise.resolve()
            };
            this.lines.set(name, line);
        }
        return line;
    }
}
ChangeTurns = _ts_decorate([
    Injectable(),
    _ts_param(0, Inject(functionsSettings.config.KEY)),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof FunctionsSettings === "undefined" ? Object : FunctionsSettings
    ])
], ChangeTurns);

//# sourceMappingURL=change-turns.js.map