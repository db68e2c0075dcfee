/** What each function holds, and all of them together. */ export class Tally {
    byFunctionId = new Map();
    sum = 0;
    get total() {
        return this.sum;
    }
    get functionIds() {
        return [
            ...this.byFunctionId.keys()
        ];
    }
    of(functionId) {
        return this.byFunctionId.get(functionId) ?? 0;
    }
    add(functionId, amount) {
        const held = this.of(functionId) + amount;
        this.sum += amount;
        if (held === 0) this.byFunctionId.delete(functionId);
        else this.byFunctionId.set(functionId, held);
    }
}

//# sourceMappingURL=tally.js.map