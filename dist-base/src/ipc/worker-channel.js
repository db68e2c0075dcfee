import { PeerError } from './peer-error.js';
import { encodeFrame } from './protocol/encode-frame.js';
import { FrameDecoder } from './protocol/frame-decoder.js';
import { maxWorkerJsonBytes } from './protocol/limits.js';
import { ProtocolViolation } from './protocol/protocol-violation.js';
import { parseWorkerMessage } from './worker-message.js';
/**
 * One connected worker as a sequence of messages. Reading never pauses: a function that floods its output must not
 * hold up its own answer. Any rule the worker breaks ends the channel.
 */ export class WorkerChannel {
    socket;
    clock;
    limits;
    listener;
    decoder;
    cancelFrameTimer;
    hasEnded = false;
    constructor(socket, clock, limits, listener){
        this.socket = socket;
        this.clock = clock;
        this.limits = limits;
        this.listener = listener;
        this.decoder = new FrameDecoder({
            maxJsonBytes: maxWorkerJsonBytes,
            maxBodyBytes: limits.maxResultBytes
        });
        socket.on('data', (chunk)=>{
            this.read(chunk);
        });
        // 'close' follows every error and says all there is to know.
        socket.on('error', ()=>undefined);
        socket.on('end', ()=>{
            this.end(PeerError.gone('disconnected'));
        });
        socket.on('close', ()=>{
            this.end(PeerError.gone('disconnected'));
        });
    }
    /** From now on `listener` hears everything. */ handOver(listener) {
        this.listener = listener;
    }
    send(message, body) {
        if (this.hasEnded) return;
        for (const part of encodeFrame(JSON.stringify(message), body))this.socket.write(part);
    }
    /** Closes the socket, which ends the worker. Only the first end counts. */ end(end) {
        if (this.hasEnded) return;
        this.hasEnded = true;
        this.stopFrameTimer();
        this.socket.destroy();
        this.listener.onEnd(end);
    }
    read(chunk) {
        if (this.hasEnded) return;
        try {
            this.decoder.push(chunk);
            for(let frame = this.decoder.next(); frame; frame = this.decoder.next()){
                this.stopFrameTimer();
                this.listener.onMessage(parseWorkerMessage(frame), frame.body);
                // A listener may have ended the channel; what else is in the chunk is nobody's.
                if (this.isOver()) return;
            }
            if (this.decoder.isInsideFrame) this.startFrameTimer();
        } catch (error) {
            if (!(error instanceof ProtocolViolation)) throw error;
            this.end(PeerError.violation(error.reason, error.message));
        }
    }
    isOver() {
        return this.hasEnded;
    }
    /** One timer per frame that did not arrive whole; a further chunk of the same frame does not extend it. */ startFrameTimer() {
        this.cancelFrameTimer ??= this.clock.schedule(this.limits.frameTimeoutMs, ()=>{
            this.end(PeerError.violation('frame-too-slow', 'A message was begun and not finished in time.'));
        });
    }
    stopFrameTimer() {
        this.cancelFrameTimer?.();
        this.cancelFrameTimer = undefined;
    }
}

//# sourceMappingURL=worker-channel.js.map