/** Work that nobody awaits now, but a shutdown must: it knows what has not settled. */ export class UnderWay {
    pending = new Set();
    /** `work` must not reject. */ add(work) {
        const tracked = work.finally(()=>this.pending.delete(tracked));
        this.pending.add(tracked);
    }
    /** Resolves when nothing is pending, what was added meanwhile included. */ async settled() {
        while(this.pending.size > 0)await Promise.all(this.pending);
    }
}

//# sourceMappingURL=under-way.js.map