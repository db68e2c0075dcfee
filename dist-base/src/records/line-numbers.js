const perMs = 1000;
/**
 * Numbers for lines: each greater than the one before, also across restarts and lost writes, because they begin with
 * the time in microseconds. A client that has seen a number can always go on after it.
 */ export class LineNumbers {
    last = 0;
    /** No number up to this one is given any more. */ passOver(sequence) {
        this.last = Math.max(this.last, sequence);
    }
    next(atMs) {
        this.last = Math.max(this.last + 1, atMs * perMs);
        return this.last;
    }
}

//# sourceMappingURL=line-numbers.js.map