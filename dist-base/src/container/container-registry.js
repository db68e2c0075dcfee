import { ContainerLifecycle } from './container-state.js';
/** Every container that is not removed yet, with the user id that it holds until then. */ export class ContainerRegistry {
    clock;
    uids;
    entries = new Map();
    moveListeners = [];
    emptyListeners = [];
    constructor(clock, uids){
        this.clock = clock;
        this.uids = uids;
    }
    get size() {
        return this.entries.size;
    }
    get leaked() {
        return this.all().filter(({ state })=>state === 'leaked').length;
    }
    get uidsInUse() {
        return this.uids.inUse;
    }
    has(name) {
        return this.entries.has(name);
    }
    /** A new container and its user id; undefined when no user id is free. */ request(name) {
        const uid = this.uids.take();
        return uid === undefined ? undefined : {
            lifecycle: this.add(name, uid, 'requested'),
            uid
        };
    }
    /** One that the engine has and nobody here knew of. */ found(name) {
        return this.add(name, undefined, 'leaked');
    }
    /** Those that no launch is working on. */ settled() {
        return this.all().filter(({ state })=>state === 'started' || state === 'leaked');
    }
    /** Resolves when nothing is left. */ emptied() {
        if (this.size === 0) return Promise.resolve();
        return new Promise((resolve)=>this.emptyListeners.push(resolve));
    }
    onMove(listener) {
        this.moveListeners.push(listener);
    }
    all() {
        return [
            ...this.entries.values()
        ];
    }
    add(name, uid, state) {
        const onMove = (move)=>{
            this.moved(move, uid);
        };
        const lifecycle = new ContainerLifecycle(name, this.clock, onMove, state);
        this.entries.set(name, lifecycle);
        return lifecycle;
    }
    moved(move, uid) {
        if (move.to === 'removed') {
            this.entries.delete(move.name);
            // Only now may the user id serve another container.
            if (uid !== undefined) this.uids.free(uid);
            if (this.size === 0) for (const resolve of this.emptyListeners.splice(0))resolve();
        }
        for (const listener of this.moveListeners)listener(move);
    }
}

//# sourceMappingURL=container-registry.js.map