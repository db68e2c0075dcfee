import { DomainError } from '../errors/domain-error.js';
/** A chunk below this size is copied to others of its kind; a larger one is kept as it came. */ const smallChunkBytes = 1024;
const blockBytes = 16 * 1024;
/** So many chunks may be of any size: a client may write its first lines as it makes them. */ const freeChunks = 1024;
/** From then on chunks have at least this size on average. */ const leastAverageBytes = 64;
const nothing = Buffer.alloc(0);
/**
 * The chunks of a body as they arrive. Each costs an event and a buffer of some hundred bytes, whatever it carries: six
 * MiB in chunks of one byte would take 2 GiB and a core for seconds. So small ones are copied together, and a body
 * whose chunks stay tiny is refused.
 */ export class ReceivedChunks {
    parts = [];
    block = nothing;
    blockUsed = 0;
    count = 0;
    received = 0;
    get bytes() {
        return this.received;
    }
    /** Throws `MALFORMED_REQUEST` when the chunks are too small to go on. */ add(chunk) {
        this.count += 1;
        this.received += chunk.length;
        if (this.count > freeChunks && this.received < this.count * leastAverageBytes) throw tooSmall();
        if (this.count === 1 || chunk.length >= smallChunkBytes) {
            this.closeBlock();
            this.parts.push(chunk);
        } else this.copy(chunk);
    }
    /** Nearly every body arrives in one chunk, which then needs no copy. */ whole() {
        this.closeBlock();
        return this.parts.length === 1 ? this.parts[0] ?? nothing : Buffer.concat(this.parts, this.received);
    }
    copy(chunk) {
        if (this.block.length - this.blockUsed < chunk.length) {
            this.closeBlock();
            this.block = Buffer.allocUnsafeSlow(blockBytes);
        }
        this.blockUsed += chunk.copy(this.block, this.blockUsed);
    }
    closeBlock() {
        if (this.blockUsed > 0) this.parts.push(this.block.subarray(0, this.blockUsed));
        // What is left of the block goes on being used.
        this.block = this.block.subarray(this.blockUsed);
        this.blockUsed = 0;
    }
}
function tooSmall() {
    return new DomainError('MALFORMED_REQUEST', `The body arrives in too many tiny chunks; send chunks of at least ${leastAverageBytes} bytes on average, or the body with its Content-Length.`);
}

//# sourceMappingURL=received-chunks.js.map