/** What a response is told when nothing of its connection is waited for any more but the client. */ export const answeredEvent = Symbol('answered');
/**
 * Bounds the connections of a server. Where they are all in use the one goes that has longest had no request to answer:
 * unused, or without the end of its headers, or answered and lingering. So connections that are only held open, by
 * whomever, keep nobody out; only requests that are being answered do, and they have limits of their own.
 */ export class ConnectionLimit {
    limit;
    /** Requests that each connection has to answer. */ requests = new Map();
    /** Those with none, the longest waiting first. */ waiting = new Set();
    constructor(limit){
        this.limit = limit;
    }
    attachTo(server) {
        server.on('connection', (socket)=>{
            this.opened(socket);
        });
        server.on('request', (request, response)=>{
            this.begun(request.socket, response);
        });
    }
    opened(socket) {
        this.requests.set(socket, 0);
        socket.once('close', ()=>{
            this.requests.delete(socket);
            this.waiting.delete(socket);
        });
        if (this.requests.size > this.limit) {
            const [longest = socket] = this.waiting;
            longest.destroy();
        }
        if (!socket.destroyed) this.waiting.add(socket);
    }
    begun(socket, response) {
        this.requests.set(socket, (this.requests.get(socket) ?? 0) + 1);
        this.waiting.delete(socket);
        let isOver = false;
        const onOver = ()=>{
            if (isOver) return;
            isOver = true;
            this.over(socket);
        };
        response.once('close', onOver).once(answeredEvent, onOver);
    }
    over(socket) {
        const left = (this.requests.get(socket) ?? 0) - 1;
        // One that has closed meanwhile is known no more.
        if (!this.requests.has(socket)) return;
        this.requests.set(socket, left);
        if (left === 0) this.waiting.add(socket);
    }
}

//# sourceMappingURL=connection-limit.js.map