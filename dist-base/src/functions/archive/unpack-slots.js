import { DomainError } from '../../common/errors/domain-error.js';
/** Lets only so many archives be unpacked at once; the others wait in turn, for a limited time. */ export class UnpackSlots {
    limits;
    clock;
    held = 0;
    waiting = [];
    constructor(limits, clock){
        this.limits = limits;
        this.clock = clock;
    }
    /** Rejects with `OVERLOADED` when the queue is full or the wait too long, and with the signal's reason when aborted. */ async acquire(signal) {
        signal.throwIfAborted();
        if (this.held >= this.limits.slots) await this.turn(signal);
        else this.held += 1;
        let released = false;
        return ()=>{
            if (!released) this.release();
            released = true;
        };
    }
    turn(signal) {
        if (this.waiting.length >= this.limits.queueLength) return Promise.reject(this.overloaded());
        return new Promise((resolve, reject)=>{
            const leave = ()=>{
                cancelTimer();
                signal.removeEventListener('abort', giveUp);
                const place = this.waiting.indexOf(proceed);
                if (place >= 0) this.waiting.splice(place, 1);
            };
            const proceed = ()=>{
                leave();
                resolve();
            };
            const giveUp = ()=>{
                leave();
                reject(signal.reason);
            };
            const cancelTimer = this.clock.schedule(this.limits.queueTimeoutMs, ()=>{
                leave();
                reject(this.overloaded());
            });
            signal.addEventListener('abort', giveUp);
            this.waiting.push(proceed);
        });
    }
    /** Hands the slot to the next in the queue, which keeps it counted as held. */ release() {
        const next = this.waiting[0];
        if (next) next();
        else this.held -= 1;
    }
    overloaded() {
        return new DomainError('OVERLOADED', 'Too many deployments are being unpacked: try again shortly.', {
            retryAfterMs: this.limits.queueTimeoutMs
        });
    }
}

//# sourceMappingURL=unpack-slots.js.map