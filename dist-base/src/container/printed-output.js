import { OutputTail } from './output-tail.js';
/** Keeps the ends of what a container prints and passes everything on. Never holds it back: a full pipe would stall. */ export class PrintedOutput {
    tail;
    listeners = [];
    constructor(limitBytes){
        this.tail = new OutputTail(limitBytes);
    }
    accept(stream, bytes) {
        this.tail.append(bytes);
        for (const listener of this.listeners)listener(stream, bytes);
    }
    /** A process can print before anybody listens, so what was kept of that is given first, as stdout. */ listen(listener) {
        if (this.tail.totalBytes > 0) listener('stdout', Buffer.from(this.tail.text()));
        this.listeners.push(listener);
    }
}

//# sourceMappingURL=printed-output.js.map