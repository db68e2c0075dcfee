/**
 * Why a session ended, and what its pending promises reject with. `gone`: nobody answers any more, and what happened
 * to the container says why. `violation`: the worker, or the function that shares its process, broke the protocol.
 */ export class PeerError extends Error {
    kind;
    reason;
    name = 'PeerError';
    constructor(kind, reason, message){
        super(message), this.kind = kind, this.reason = reason;
    }
    static gone(reason) {
        return new PeerError('gone', reason, `The worker is gone: ${reason}.`);
    }
    static violation(reason, message) {
        return new PeerError('violation', reason, message);
    }
}

//# sourceMappingURL=peer-error.js.map