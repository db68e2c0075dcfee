import { LastBytes } from '../../container/last-bytes.js';
import { LineSplitter } from './line-splitter.js';
/** What one call prints, as lines, and never more than the limit of them. */ export class OutputLines {
    roomBytes;
    streams;
    constructor(limits, onLine){
        this.roomBytes = Math.floor(limits.outputBytes / 2);
        const lastBytes = Math.floor((limits.outputBytes - this.roomBytes) / 2);
        const linesOf = (stream)=>new StreamLines(stream, {
                ...limits,
                lastBytes
            }, onLine);
        this.streams = {
            stdout: linesOf('stdout'),
            stderr: linesOf('stderr')
        };
    }
    append(stream, bytes, level) {
        const lines = this.streams[stream];
        const now = bytes.subarray(0, this.roomBytes);
        this.roomBytes -= now.length;
        if (now.length > 0) lines.push(now, level);
        if (now.length < bytes.length) lines.putOff(bytes.subarray(now.length));
    }
    finish() {
        this.streams.stdout.finish();
        this.streams.stderr.finish();
    }
}
const levelOfStream = {
    stdout: 'info',
    stderr: 'error'
};
let StreamLines = class StreamLines {
    stream;
    splitter;
    last;
    level;
    droppedBytes = 0;
    constructor(stream, { lineBytes, lastBytes }, onLine){
        this.stream = stream;
        this.level = levelOfStream[stream];
        this.last = new LastBytes(lastBytes);
        this.splitter = new LineSplitter(lineBytes, ({ text, isCut })=>{
            const { level, droppedBytes } = this;
            this.droppedBytes = 0;
            onLine({
                stream,
                level,
                text,
                isCut,
                droppedBytes
            });
        });
    }
    /** A line has the level of its end: that of what is written whole, which is the rule. */ push(bytes, level = levelOfStream[this.stream]) {
        this.level = level;
        this.splitter.push(bytes);
    }
    putOff(bytes) {
        this.last.append(bytes);
    }
    /** The level of what was put off is the stream's: which bytes had another is not kept. */ finish() {
        if (this.last.totalBytes > 0) {
            const { droppedBytes } = this.last;
            // A gap ends the line that was begun before it.
            if (droppedBytes > 0) this.splitter.finish();
            this.droppedBytes = droppedBytes;
            this.push(this.last.bytes());
        }
        this.splitter.finish();
    }
};

//# sourceMappingURL=output-lines.js.map