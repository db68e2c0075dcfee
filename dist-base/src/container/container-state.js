/**
 * Every legal move. A create or start that failed may have succeeded all the same, so each leads to a removal; what the
 * engine was never asked for needs none.
 */ const movesFrom = {
    requested: [
        'creating',
        'removed'
    ],
    creating: [
        'created',
        'removing'
    ],
    created: [
        'starting',
        'removing'
    ],
    starting: [
        'started',
        'removing'
    ],
    started: [
        'removing'
    ],
    removing: [
        'removed',
        'leaked'
    ],
    leaked: [
        'removing'
    ],
    removed: []
};
/** One container's state and the only way to change it. Who watches metrics and logs learns of every move. */ export class ContainerLifecycle {
    name;
    clock;
    onMove;
    current;
    sinceMs;
    constructor(name, clock, onMove, current = 'requested'){
        this.name = name;
        this.clock = clock;
        this.onMove = onMove;
        this.current = current;
        this.sinceMs = clock.monotonicMs();
    }
    get state() {
        return this.current;
    }
    /** Throws on a move that the table does not have: that is a defect of this server, never of a function. */ move(to, cause) {
        const from = this.current;
        if (!movesFrom[from].includes(to)) throw new Error(`A container cannot go from ${from} to ${to}.`);
        const nowMs = this.clock.monotonicMs();
        const afterMs = nowMs - this.sinceMs;
        this.current = to;
        this.sinceMs = nowMs;
        this.onMove({
            name: this.name,
            from,
            to,
            afterMs,
            cause
        });
    }
}

//# sourceMappingURL=container-state.js.map