/** One line as it came out of a stream of bytes. */ const lineFeed = 0x0a;
const carriageReturn = 0x0d;
/**
 * Cuts bytes into lines, however the chunks fall. It never holds more than one line's limit; what of a line lies
 * beyond that is passed over until the line ends. Bytes that are no UTF-8 become the replacement character.
 */ export class LineSplitter {
    limitBytes;
    onLine;
    begun = [];
    begunBytes = 0;
    isCut = false;
    constructor(limitBytes, onLine){
        this.limitBytes = limitBytes;
        this.onLine = onLine;
    }
    push(bytes) {
        let start = 0;
        for(let end = bytes.indexOf(lineFeed); end >= 0; end = bytes.indexOf(lineFeed, start)){
            this.take(bytes.subarray(start, end));
            this.endLine();
            start = end + 1;
        }
        // Copied, because the rest of its chunk must not stay in memory with it.
        if (start < bytes.length) this.take(Buffer.from(bytes.subarray(start)));
    }
    /** What was begun and has no end is a line, too. */ finish() {
        if (this.begunBytes > 0) this.endLine();
    }
    take(bytes) {
        const room = this.limitBytes - this.begunBytes;
        const kept = bytes.length > room ? bytes.subarray(0, room) : bytes;
        this.isCut ||= bytes.length > room;
        if (kept.length === 0) return;
        this.begun.push(kept);
        this.begunBytes += kept.length;
    }
    endLine() {
        const line = this.begun.length === 1 ? this.begun[0] ?? Buffer.alloc(0) : Buffer.concat(this.begun);
        const { isCut } = this;
        this.begun = [];
        this.begunBytes = 0;
        this.isCut = false;
        const end = !isCut && line.at(-1) === carriageReturn ? line.length - 1 : line.length;
        this.onLine({
            text: line.toString('utf8', 0, end),
            isCut
        });
    }
}

//# sourceMappingURL=line-splitter.js.map