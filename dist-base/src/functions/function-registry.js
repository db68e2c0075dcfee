import { DomainError } from '../common/errors/domain-error.js';
import { LeasesByVersion } from './version-leases.js';
/**
 * Which functions exist, in memory. One server works on a directory, so what stands here is the truth for every read;
 * the store behind it remembers it across starts. Written to only after the store has agreed.
 */ export class FunctionRegistry {
    counter;
    clock;
    maxFunctions;
    broken;
    entries = new Map();
    reserved = new Set();
    /**
   * `broken` are ids of versions whose code is not on the disk as it was published: their functions stay listed, so
   * that somebody notices, and refuse calls.
   */ constructor(counter, clock, maxFunctions, loaded = [], broken = new Set()){
        this.counter = counter;
        this.clock = clock;
        this.maxFunctions = maxFunctions;
        this.broken = broken;
        for (const deployed of loaded)this.register(deployed);
    }
    get count() {
        return this.entries.size;
    }
    /** With every call counted so far, on disk or not. */ find(name) {
        const entry = this.entries.get(name);
        return entry && current(entry);
    }
    /** Throws `FUNCTION_NOT_FOUND`. */ get(name) {
        return current(this.entryOf(name));
    }
    /** In the order of deployment. */ list() {
        return [
            ...this.entries.values()
        ].map(current);
    }
    /** Throws `FUNCTION_NOT_FOUND`, or `CODE_UNAVAILABLE` when the function's code is broken. */ requireCallable(name) {
        this.callable(name);
    }
    /** Throws as `requireCallable` does. */ lease(name) {
        const { deployed, currentLeases } = this.callable(name);
        return {
            deployed,
            release: currentLeases.acquire()
        };
    }
    /** True of a version whose code was found missing or changed on the disk. */ isBroken(versionId) {
        return this.broken.has(versionId);
    }
    /** From now on calls of a function that runs this version are refused. */ markBroken(versionId) {
        this.broken.add(versionId);
    }
    /** Its code is as it was published, again. */ markMended(versionId) {
        this.broken.delete(versionId);
    }
    /** Gives the leases of the calls in flight that need an old version, which nobody can begin with any more. */ retireVersion({ name }, versionId) {
        return this.entryOf(name).leases.retire(versionId);
    }
    /** Counts one call; for each call once, when it has got its place. */ admitted({ deployed }) {
        const entry = this.entries.get(deployed.name);
        // Deleted meanwhile: its record is gone, and a new function of the same name is another one.
        if (entry?.deployed.id !== deployed.id) return;
        const now = this.clock.wallTime();
        entry.invokeCount += 1;
        if (entry.lastInvokedAt === null || entry.lastInvokedAt < now) entry.lastInvokedAt = now;
        this.counter.count(deployed.id, now);
    }
    /** Throws `FUNCTION_EXISTS` when the name is in use or about to be. */ requireFree(name) {
        if (!this.entries.has(name) && !this.reserved.has(name)) return;
        throw new DomainError('FUNCTION_EXISTS', 'A function with this name exists already; delete it first or choose another name.', {
            field: 'name'
        });
    }
    /**
   * Keeps the name, and a place among the functions, for one deployment; the returned function gives both back.
   * Throws `FUNCTION_EXISTS`, or `INSUFFICIENT_STORAGE` when the server holds as many functions as it may.
   */ reserve(name) {
        this.requireFree(name);
        if (this.entries.size + this.reserved.size >= this.maxFunctions) {
            throw new DomainError('INSUFFICIENT_STORAGE', `The server holds ${this.maxFunctions} functions and may hold no more; delete one first.`);
        }
        this.reserved.add(name);
        return ()=>{
            this.reserved.delete(name);
        };
    }
    /** From now on calls find it. */ register(deployed) {
        const { invokeCount, lastInvokedAt } = deployed;
        const leases = new LeasesByVersion();
        const currentLeases = leases.of(deployed.version.id);
        this.entries.set(deployed.name, {
            deployed,
            leases,
            currentLeases,
            invokeCount,
            lastInvokedAt
        });
    }
    /**
   * From now on calls find `next`, a later revision of the same function; its counts go on. Gives what the function was,
   * or undefined, and changes nothing, when it is gone.
   */ replace(next) {
        const entry = this.entries.get(next.name);
        if (entry?.deployed.id !== next.id) return undefined;
        const before = entry.deployed;
        entry.deployed = next;
        entry.currentLeases = entry.leases.of(next.version.id);
        return before;
    }
    /** From now on no call finds it. Gives the leases of the calls in flight, or undefined when it was gone already. */ unregister({ id, name }) {
        const entry = this.entries.get(name);
        if (entry?.deployed.id !== id) return undefined;
        this.entries.delete(name);
        return entry.leases;
    }
    callable(name) {
        const entry = this.entryOf(name);
        if (!this.broken.has(entry.deployed.version.id)) return entry;
        throw new DomainError('CODE_UNAVAILABLE', 'The code of this function is missing or was changed on the server; publish it again.');
    }
    entryOf(name) {
        const entry = this.entries.get(name);
        if (entry) return entry;
        throw functionNotFound(name);
    }
}
export function functionNotFound(name) {
    return new DomainError('FUNCTION_NOT_FOUND', `There is no function named "${name}"; deploy it first.`);
}
/** The place of a function's code. */ export function versionKeyOf({ name, version }) {
    return {
        name,
        versionId: version.id
    };
}
function current({ deployed, invokeCount, lastInvokedAt }) {
    return {
        ...deployed,
        invokeCount,
        lastInvokedAt
    };
}

//# sourceMappingURL=function-registry.js.map