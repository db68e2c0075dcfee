/** Adds up what running calls take. */ export class RunningLoad {
    shares = new Set();
    callsByKey = new Map();
    memoryMiB = 0;
    get load() {
        return {
            calls: this.shares.size,
            memoryMiB: this.memoryMiB
        };
    }
    callsWithKey(keyId) {
        return this.callsByKey.get(keyId) ?? 0;
    }
    memoryMiBSince(sinceMs) {
        let memoryMiB = 0;
        for (const share of this.shares)if (share.sinceMs > sinceMs) memoryMiB += share.memoryMiB;
        return memoryMiB;
    }
    add(share) {
        this.shares.add(share);
        this.memoryMiB += share.memoryMiB;
        this.countKey(share.keyId, 1);
    }
    /** Of what was added, and once. */ remove(share) {
        this.shares.delete(share);
        this.memoryMiB -= share.memoryMiB;
        this.countKey(share.keyId, -1);
    }
    countKey(keyId, change) {
        if (keyId === undefined) return;
        const calls = this.callsWithKey(keyId) + change;
        if (calls === 0) this.callsByKey.delete(keyId);
        else this.callsByKey.set(keyId, calls);
    }
}

//# sourceMappingURL=running-load.js.map