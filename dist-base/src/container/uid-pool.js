/**
 * User ids for containers, each held by one container at a time: the kernel counts several limits by user over all
 * containers, so two that shared one could starve each other. Ids are handed out in turn, so that a freed one rests
 * as long as possible. `start` is where the turn begins; servers that share a range should not begin at one place.
 */ export class UidPool {
    first;
    last;
    taken = new Set();
    next;
    constructor(first, last, start = 0){
        this.first = first;
        this.last = last;
        this.next = first + start % (last - first + 1);
    }
    get inUse() {
        return this.taken.size;
    }
    /** A free id, or undefined when all are in use. */ take() {
        if (this.taken.size > this.last - this.first) return undefined;
        while(this.taken.has(this.next))this.advance();
        const uid = this.next;
        this.taken.add(uid);
        this.advance();
        return uid;
    }
    free(uid) {
        if (!this.taken.delete(uid)) throw new Error(`User id ${uid} is not in use.`);
    }
    advance() {
        this.next = this.next === this.last ? this.first : this.next + 1;
    }
}

//# sourceMappingURL=uid-pool.js.map