/** Why nothing was taken: the holder has its share already, or all of it is taken. */ /**
 * A number of something (bytes, connections, calls) that many holders take from: all of them together at most `total`,
 * and each at most `share`, so that one who takes all that it can get leaves something to the others. It only counts:
 * whoever takes gives back, exactly once.
 */ export class SharedBudget {
    limits;
    byHolder = new Map();
    taken = 0;
    constructor(limits){
        this.limits = limits;
    }
    get used() {
        return this.taken;
    }
    usedBy(holder) {
        return this.byHolder.get(holder) ?? 0;
    }
    /** What keeps the holder from taking `amount`, or undefined. A holder that is undefined has no share to keep to. */ shortageFor(holder, amount = 1) {
        if (holder !== undefined && this.usedBy(holder) + amount > this.limits.share) return 'share';
        return this.taken + amount > this.limits.total ? 'total' : undefined;
    }
    /** Takes all of `amount`, or nothing and says what is short. */ take(holder, amount = 1) {
        const shortage = this.shortageFor(holder, amount);
        if (shortage === undefined) this.add(holder, amount);
        return shortage;
    }
    giveBack(holder, amount = 1) {
        this.add(holder, -amount);
    }
    /** Counts what is taken whatever is left: it was decided elsewhere, and those that ask find less. */ add(holder, amount = 1) {
        this.taken += amount;
        if (holder === undefined) return;
        const has = this.usedBy(holder) + amount;
        // Holders come and go; one that has nothing takes no memory.
        if (has === 0) this.byHolder.delete(holder);
        else this.byHolder.set(holder, has);
    }
}

//# sourceMappingURL=shared-budget.js.map