/** Stream number (1 is stdout, 2 is stderr), three zeros, then the payload's length, big-endian. */ const headerBytes = 8;
const lengthOffset = 4;
const stdoutNumber = 1;
/**
 * Takes the engine's multiplexed output apart, whatever the chunks it arrives in. Holds no more than one header:
 * payload is passed on as it comes, so a container that prints without end costs no memory here.
 */ export class FrameDemuxer {
    onOutput;
    header = Buffer.alloc(headerBytes);
    headerFilled = 0;
    payloadLeft = 0;
    constructor(onOutput){
        this.onOutput = onOutput;
    }
    push(chunk) {
        let offset = 0;
        while(offset < chunk.length){
            offset += this.payloadLeft > 0 ? this.passOn(chunk, offset) : this.fillHeader(chunk, offset);
        }
    }
    fillHeader(chunk, offset) {
        const taken = chunk.copy(this.header, this.headerFilled, offset, offset + headerBytes - this.headerFilled);
        this.headerFilled += taken;
        if (this.headerFilled === headerBytes) {
            this.payloadLeft = this.header.readUInt32BE(lengthOffset);
            this.headerFilled = 0;
        }
        return taken;
    }
    passOn(chunk, offset) {
        const bytes = chunk.subarray(offset, offset + this.payloadLeft);
        this.payloadLeft -= bytes.length;
        this.onOutput(this.header[0] === stdoutNumber ? 'stdout' : 'stderr', bytes);
        return bytes.length;
    }
}

//# sourceMappingURL=frame-demuxer.js.map