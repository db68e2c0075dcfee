import { createServer } from 'node:net';
const windowMs = 1000;
/**
 * A socket that a container may connect to again and again, but not faster than its limit: then nobody listens until
 * the second is over. Answering each connection of a flood would cost this process more than making it costs the flood.
 */ export class EgressListener {
    path;
    clock;
    limits;
    onConnection;
    onFault;
    server;
    windowBeganMs = Number.NEGATIVE_INFINITY;
    inWindow = 0;
    isClosed = false;
    cancelReopening = ()=>undefined;
    constructor(path, clock, limits, onConnection, onFault){
        this.path = path;
        this.clock = clock;
        this.limits = limits;
        this.onConnection = onConnection;
        this.onFault = onFault;
    }
    /** Resolves when the container can connect. */ async listen() {
        const listening = Promise.withResolvers();
        const server = createServer({
            allowHalfOpen: true
        }, (client)=>{
            this.accept(client);
        });
        this.server = server;
        server.once('error', listening.reject);
        // The directory keeps everybody else out; the container's own unprivileged user must get in.
        server.listen({
            path: this.path,
            readableAll: true,
            writableAll: true
        }, listening.resolve);
        await listening.promise;
        // A connection that could not be accepted is lost; the next one may be.
        server.on('error', this.onFault);
    }
    /** Takes the socket off the disk. Connections that were made go on. */ close() {
        this.isClosed = true;
        this.cancelReopening();
        this.server?.close();
    }
    accept(client) {
        const nowMs = this.clock.monotonicMs();
        if (nowMs - this.windowBeganMs >= windowMs) {
            this.windowBeganMs = nowMs;
            this.inWindow = 0;
        }
        this.inWindow += 1;
        if (this.inWindow <= this.limits.connectionsPerSecond) {
            this.onConnection(client);
            return;
        }
        client.on('error', ()=>undefined).destroy();
        if (this.inWindow === this.limits.connectionsPerSecond + 1) this.rest(this.windowBeganMs + windowMs - nowMs);
    }
    rest(forMs) {
        this.server?.close();
        this.cancelReopening = this.clock.schedule(forMs, ()=>{
            if (!this.isClosed) this.listen().catch(this.onFault);
        });
    }
}

//# sourceMappingURL=egress-listener.js.map