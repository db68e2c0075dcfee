/** The last bytes of a stream, within a limit. Costs no memory until the first byte. */ export class LastBytes {
    limitBytes;
    /** All bytes that were appended, kept or not. */ totalBytes = 0;
    ring = Buffer.alloc(0);
    /** The newest byte lies before it, the oldest at it once the ring is full. */ end = 0;
    constructor(limitBytes){
        this.limitBytes = limitBytes;
    }
    get droppedBytes() {
        return Math.max(0, this.totalBytes - this.limitBytes);
    }
    append(bytes) {
        if (this.ring.length === 0) this.ring = Buffer.alloc(this.limitBytes);
        this.totalBytes += bytes.length;
        const kept = bytes.subarray(Math.max(0, bytes.length - this.limitBytes));
        const untilEdge = Math.min(kept.length, this.limitBytes - this.end);
        kept.copy(this.ring, this.end, 0, untilEdge);
        kept.copy(this.ring, 0, untilEdge);
        this.end = (this.end + kept.length) % this.limitBytes;
    }
    bytes() {
        if (this.totalBytes < this.limitBytes) return this.ring.subarray(0, this.totalBytes);
        return Buffer.concat([
            this.ring.subarray(this.end),
            this.ring.subarray(0, this.end)
        ]);
    }
}

//# sourceMappingURL=last-bytes.js.map