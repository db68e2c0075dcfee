/** Long enough for a stem to become a function's, and for a container to be made on a quiet machine. */ const longestMs = 250;
/** Longer than most calls take, short against the making of a container. */ const afterwardsMs = 10;
/**
 * While a container is made for a call that waits, and until that call is likely to be over, nothing is made ahead: it
 * would take the CPU that the call needs. Not for ever, or steady calls that find nothing ready would never find it.
 */ export class CallsFirst {
    making = 0;
    sinceMs = Number.NEGATIVE_INFINITY;
    endedAtMs = Number.NEGATIVE_INFINITY;
    begin(nowMs) {
        if (this.making === 0) this.sinceMs = nowMs;
        this.making += 1;
    }
    end(nowMs) {
        this.making -= 1;
        this.endedAtMs = nowMs;
    }
    /** Whether what is made ahead has to wait. */ holds(nowMs) {
        if (nowMs >= this.sinceMs + longestMs) return false;
        return this.making > 0 || nowMs < this.endedAtMs + afterwardsMs;
    }
}

//# sourceMappingURL=calls-first.js.map