/** Carries bytes between a container's connection and its destination, with back-pressure, until its limits. */ export class Relay {
    client;
    destination;
    clock;
    limits;
    listener;
    bytes = 0;
    lastByteMs;
    cutBy;
    openEnds = 2;
    cancelIdle = ()=>undefined;
    cancelAge;
    constructor(client, destination, clock, limits, listener){
        this.client = client;
        this.destination = destination;
        this.clock = clock;
        this.limits = limits;
        this.listener = listener;
        this.lastByteMs = clock.monotonicMs();
        this.cancelAge = clock.schedule(limits.ageMs, ()=>{
            this.cut('ageSeconds');
        });
        this.watchIdle(limits.idleMs);
        this.carry(client, destination, 'out');
        this.carry(destination, client, 'in');
    }
    /** Breaks both ends off. */ end() {
        this.client.destroy();
        this.destination.destroy();
    }
    carry(from, to, direction) {
        from.on('data', (chunk)=>{
            this.count(direction, chunk.length);
        });
        from.pipe(to);
        from.once('close', ()=>{
            // What came before the end still reaches the other side; nothing more will.
            to.destroySoon();
            this.openEnds -= 1;
            if (this.openEnds === 0) this.finish();
        });
    }
    count(direction, bytes) {
        this.bytes += bytes;
        this.lastByteMs = this.clock.monotonicMs();
        this.listener.onBytes(direction, bytes);
        if (this.bytes > this.limits.maxBytes) this.cut('connectionMiB');
    }
    /** A timer for each byte would cost more than the byte: one timer looks when the last came. */ watchIdle(delayMs) {
        this.cancelIdle = this.clock.schedule(delayMs, ()=>{
            const leftMs = this.lastByteMs + this.limits.idleMs - this.clock.monotonicMs();
            if (leftMs > 0) this.watchIdle(leftMs);
            else this.cut('idleTimeoutSeconds');
        });
    }
    cut(by) {
        this.cutBy ??= by;
        this.end();
    }
    finish() {
        this.cancelIdle();
        this.cancelAge();
        this.listener.onClosed(this.cutBy);
    }
}

//# sourceMappingURL=relay.js.map