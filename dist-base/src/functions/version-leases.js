/** The leases of one function, version by version; a call in flight may have begun with one that is not current. */ export class LeasesByVersion {
    byVersionId = new Map();
    of(versionId) {
        let leases = this.byVersionId.get(versionId);
        if (!leases) {
            leases = new VersionLeases();
            this.byVersionId.set(versionId, leases);
        }
        return leases;
    }
    /** Those of a version that nobody can begin with any more. */ retire(versionId) {
        const leases = this.of(versionId);
        this.byVersionId.delete(versionId);
        return leases;
    }
}
/** How many calls in flight need a version's code. */ export class VersionLeases {
    inFlight = 0;
    waiting = [];
    get areOpen() {
        return this.inFlight > 0;
    }
    /** The returned function gives the lease back; calling it again does nothing. */ acquire() {
        this.inFlight += 1;
        let released = false;
        return ()=>{
            if (released) return;
            released = true;
            this.inFlight -= 1;
            if (this.inFlight === 0) for (const resolve of this.waiting.splice(0))resolve();
        };
    }
    /** Resolves when no lease is open; at once when none is. Ask only when no new ones can be acquired. */ async drained() {
        if (!this.areOpen) return;
        await new Promise((resolve)=>{
            this.waiting.push(resolve);
        });
    }
}

//# sourceMappingURL=version-leases.js.map