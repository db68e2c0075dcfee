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
import { Injectable } from '@nestjs/common';
import { Candidates } from './candidates.js';
import { ChangeTurns } from './change-turns.js';
import { FunctionEvents } from './function-events.js';
import { functionNotFound, FunctionRegistry } from './function-registry.js';
import { FunctionStore } from './store/function-store.js';
export class ReplacementService {
    turns;
    candidates;
    store;
    registry;
    events;
    constructor(turns, candidates, store, registry, events){
        this.turns = turns;
        this.candidates = candidates;
        this.store = store;
        this.registry = registry;
        this.events = events;
    }
    /**
   * Changes of one function happen one after the other; `change` sees what the one before has made. Rejects, and
   * nothing has changed, as `change` does, with `FUNCTION_NOT_FOUND`, with `OVERLOADED` when too many changes wait, as
   * the store does, or as `mustLoad` says.
   */ replace(name, change, options) {
        return this.turns.take(name, ()=>this.replaceInTurn(name, change, options));
    }
    /** As `replace`, for those who have the function's turn. */ async replaceInTurn(name, change, { mustLoad }) {
        const current = this.registry.get(name);
        const next = {
            ...await change(current),
            revision: current.revision + 1
        };
        await (mustLoad ? this.candidates.requireLoadable(next) : this.candidates.keepReady(current, next));
        await this.record(next);
        const before = this.registry.replace(next);
        // Nobody can have deleted it meanwhile: a deletion takes its turn as well.
        if (before) this.events.replaced(before, next);
        return this.registry.get(name);
    }
    async record(next) {
        try {
            if (!await this.store.replace(next)) throw functionNotFound(next.name);
        } catch (error) {
            this.candidates.abandon(next);
            throw error;
        }
    }
}
ReplacementService = _ts_decorate([
    Injectable(),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof ChangeTurns === "undefined" ? Object : ChangeTurns,
        typeof Candidates === "undefined" ? Object : Candidates,
        typeof FunctionStore === "undefined" ? Object : FunctionStore,
        typeof FunctionRegistry === "undefined" ? Object : FunctionRegistry,
        typeof FunctionEvents === "undefined" ? Object : FunctionEvents
    ])
], ReplacementService);

//# sourceMappingURL=replacement.service.js.map