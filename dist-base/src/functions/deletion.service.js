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
import { ChangeTurns } from './change-turns.js';
import { FunctionEvents } from './function-events.js';
import { functionNotFound, FunctionRegistry } from './function-registry.js';
import { RetiredCode } from './retired-code.js';
import { FunctionStore } from './store/function-store.js';
export class DeletionService {
    turns;
    store;
    registry;
    retiredCode;
    events;
    constructor(turns, store, registry, retiredCode, events){
        this.turns = turns;
        this.store = store;
        this.registry = registry;
        this.retiredCode = retiredCode;
        this.events = events;
    }
    /** Rejects with `FUNCTION_NOT_FOUND`, or as the store does; then the function is still there. */ async delete(name) {
        this.registry.get(name);
        await this.turns.take(name, ()=>this.deleteInTurn(name));
    }
    async deleteInTurn(name) {
        const deployed = this.registry.get(name);
        const versions = await this.store.versions(deployed.id);
        await this.store.remove(deployed.id);
        const leases = this.registry.unregister(deployed);
        if (!leases) throw functionNotFound(name);
        this.events.deleted(deployed);
        await Promise.all(versions.map(({ id })=>this.retiredCode.retire({
                name,
                versionId: id
            }, leases.of(id))));
    }
}
DeletionService = _ts_decorate([
    Injectable(),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof ChangeTurns === "undefined" ? Object : ChangeTurns,
        typeof FunctionStore === "undefined" ? Object : FunctionStore,
        typeof FunctionRegistry === "undefined" ? Object : FunctionRegistry,
        typeof RetiredCode === "undefined" ? Object : RetiredCode,
        typeof FunctionEvents === "undefined" ? Object : FunctionEvents
    ])
], DeletionService);

//# sourceMappingURL=deletion.service.js.map