/** The longest that a call may wait in line (the limit of `GLAMBDAR_QUEUE_TIMEOUT_MS`) before it asks for a sandbox. */ const rememberedForMs = 900_000;
/**
 * Which revisions no new call will find, although one that was let in earlier may still ask for a sandbox of them:
 * nothing is kept ready behind it. One entry for each function that changed or went lately.
 */ export class OutdatedRevisions {
    byFunctionId = new Map();
    /** Of this revision, and of all before it, nothing is kept from now on. */ add({ id, revision }, nowMs) {
        this.byFunctionId.delete(id);
        this.byFunctionId.set(id, {
            revision,
            sinceMs: nowMs
        });
    }
    has({ id, revision }) {
        return revision <= (this.byFunctionId.get(id)?.revision ?? 0);
    }
    /** Lets go of what no call can ask for any more; the entries stand in the order of their times. */ forgetOld(nowMs) {
        for (const [id, { sinceMs }] of this.byFunctionId){
            if (nowMs - sinceMs < rememberedForMs) return;
            this.byFunctionId.delete(id);
        }
    }
}

//# sourceMappingURL=outdated-revisions.js.map