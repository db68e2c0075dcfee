import { OutputTail } from '../../container/output-tail.js';
import { OutputLines } from './output-lines.js';
/**
 * Ties what a sandbox prints to the call it serves, within a limit: line by line for the function's logs, as a whole
 * for the server's. Bytes are opaque: they come from the function and may forge anything, so they are only ever written
 * as escaped strings.
 */ export class OutputRecorder {
    parts;
    printedBy;
    invocationId;
    phase = 'load';
    tail;
    /** Made with the first byte, since most calls print nothing. */ lines;
    constructor(parts){
        this.parts = parts;
        this.tail = new OutputTail(parts.limits.outputBytes);
    }
    /** From now on what is printed is this function's; before, nothing of a function has run. */ belongsTo(printedBy) {
        this.printedBy = printedBy;
    }
    /** From now on what is printed belongs to this call. */ begin(invocationId) {
        this.finish();
        this.invocationId = invocationId;
        this.phase = 'call';
    }
    append(stream, bytes, level) {
        this.tail.append(bytes);
        this.lines ??= new OutputLines(this.parts.limits, (line)=>{
            this.record(line);
        });
        this.lines.append(stream, bytes, level);
    }
    /** The last lines of the current call, for the error of a crash. */ lastLines() {
        return this.tail.lastLines();
    }
    /** The call is over and the worker waits: what is printed from now on belongs to none. */ rest() {
        this.finish();
        this.invocationId = undefined;
        this.phase = 'idle';
    }
    /** Hands over what was recorded since `begin`; nothing is handed over twice. */ finish() {
        if (this.tail.totalBytes === 0) return;
        this.lines?.finish();
        this.lines = undefined;
        this.parts.onRecorded({
            invocationId: this.invocationId,
            text: this.tail.text(),
            droppedBytes: this.tail.droppedBytes
        });
        this.tail = new OutputTail(this.parts.limits.outputBytes);
    }
    record(line) {
        if (this.printedBy === undefined) return;
        this.parts.events.printed({
            ...line,
            function: this.printedBy,
            invocationId: this.invocationId ?? null,
            atMs: this.parts.clock.wallTime().getTime(),
            phase: this.phase
        });
    }
}

//# sourceMappingURL=output-recorder.js.map