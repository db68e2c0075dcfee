/** How often each of a few things has happened since the server's start. Only grows. */ export class Tally {
    counts = new Map();
    add(what) {
        this.counts.set(what, (this.counts.get(what) ?? 0) + 1);
    }
    /** Without those that never happened. */ get byKind() {
        return Object.fromEntries(this.counts);
    }
}

//# sourceMappingURL=tally.js.map