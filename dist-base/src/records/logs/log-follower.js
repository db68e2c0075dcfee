import { budgetBytesOf } from '../store/record-store.js';
import { LogLineAnswer } from './log-answer.js';
/**
 * One client that follows a log. Lines that come while the kept ones are still being sent wait their turn; whatever
 * waits for this client stays within its limit, and lines beyond it are counted instead of sent.
 */ export class LogFollower {
    stream;
    wants;
    limitBytes;
    /** Undefined once the kept lines have been sent. */ held = [];
    heldBytes = 0;
    dropped = 0;
    ended;
    constructor(stream, wants, limitBytes){
        this.stream = stream;
        this.wants = wants;
        this.limitBytes = limitBytes;
        stream.onDrained(()=>{
            this.tellDropped();
        });
    }
    line(line) {
        if (!this.wants(line)) return;
        if (this.held) this.hold(line, this.held);
        else this.sendNew(line);
    }
    end(reason) {
        this.ended = reason;
        // The kept lines are still being sent; `goLive` ends it after them.
        if (this.held) return;
        this.tellDropped();
        this.stream.send('end', {
            reason
        });
        this.stream.end();
    }
    /** A line that was kept; the caller sees to it that the client keeps up. */ sendKept(line) {
        this.stream.send('line', new LogLineAnswer(line), line.sequence);
    }
    /** From now on lines are sent as they come; of those that came meanwhile, the ones after the last that was kept. */ goLive(lastKept) {
        const held = this.held ?? [];
        this.held = undefined;
        for (const line of held)if (line.sequence > lastKept) this.sendNew(line);
        if (this.ended) this.end(this.ended);
    }
    heartbeat() {
        if (this.stream.waitingBytes === 0) this.stream.heartbeat();
    }
    hold(line, held) {
        const bytes = budgetBytesOf(line);
        if (this.heldBytes + bytes > this.limitBytes) {
            this.dropped += 1;
            return;
        }
        this.heldBytes += bytes;
        held.push(line);
    }
    sendNew(line) {
        if (this.stream.waitingBytes >= this.limitBytes) {
            this.dropped += 1;
            return;
        }
        this.tellDropped();
        this.sendKept(line);
    }
    tellDropped() {
        if (this.dropped === 0 || this.held) return;
        this.stream.send('dropped', {
            lines: this.dropped
        });
        this.dropped = 0;
    }
}

//# sourceMappingURL=log-follower.js.map