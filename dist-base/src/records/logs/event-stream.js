import { once } from 'node:events';
import { safeJson } from '../safe-json.js';
/**
 * An answer as server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html). Data is JSON on one
 * line, so nothing that a function printed can end an event or begin another.
 */ export class EventStream {
    response;
    constructor(response){
        this.response = response;
    }
    open() {
        this.response.statusCode = 200;
        this.response.setHeader('Content-Type', 'text/event-stream; charset=utf-8');
        this.response.setHeader('Cache-Control', 'no-store');
        // A proxy that gathers an answer before it passes it on would make this one useless.
        this.response.setHeader('X-Accel-Buffering', 'no');
        this.response.flushHeaders();
    }
    get isOpen() {
        return !this.response.writableEnded && !this.response.destroyed;
    }
    /** Bytes that the client has not taken yet. */ get waitingBytes() {
        return this.response.writableLength;
    }
    send(event, data, id) {
        const idLine = id === undefined ? '' : `id: ${id}\n`;
        this.write(`event: ${event}\n${idLine}data: ${safeJson(data)}\n\n`);
    }
    /** Keeps proxies and clients from taking silence for the end. */ heartbeat() {
        this.write(': heartbeat\n\n');
    }
    /** Resolves when the client has taken what was sent, or is gone. */ async drained() {
        if (!this.isOpen || !this.response.writableNeedDrain) return;
        const controller = new AbortController();
        const { signal } = controller;
        const either = [
            once(this.response, 'drain', {
                signal
            }),
            once(this.response, 'close', {
                signal
            })
        ];
        await Promise.race(either).finally(()=>{
            controller.abort();
            // The one that lost is told of the abort, and nobody waits for it.
            void Promise.allSettled(either);
        });
    }
    onDrained(listener) {
        this.response.on('drain', listener);
    }
    /** Also when the client has left. */ onClosed(listener) {
        this.response.once('close', listener);
    }
    end() {
        if (this.isOpen) this.response.end();
    }
    write(text) {
        if (this.isOpen) this.response.write(text);
    }
}

//# sourceMappingURL=event-stream.js.map