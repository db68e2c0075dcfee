import { callFailed, loadFailed } from './function-failure.js';
import { PeerError } from './peer-error.js';
import { ProtocolViolation } from './protocol/protocol-violation.js';
import { checkResponse, isStreamed } from './response-check.js';
import { ResponseStream } from './response-stream.js';
import { mayReceive, nextPhase } from './session-phase.js';
export { isStreamed, PeerError };
/**
 * The host's side of the conversation with one worker, from its `hello` on. There are no deadlines here: whoever waits
 * for a promise of a session races it against a deadline of its own and closes the session when that wins.
 */ export class WorkerSession {
    channel;
    limits;
    /** Resolves, never rejecting, with the reason when the session has ended. */ gone;
    markGone;
    currentPhase = 'stem';
    ended;
    condemned = false;
    receivedLogBytes = 0;
    listenToLog = ()=>undefined;
    call;
    whenReady;
    settled;
    maxResultBytes;
    constructor(channel, limits){
        this.channel = channel;
        this.limits = limits;
        const { promise, resolve } = Promise.withResolvers();
        this.gone = promise;
        this.markGone = resolve;
        this.maxResultBytes = limits.maxResultBytes;
        channel.handOver({
            onMessage: (message, body)=>{
                this.receive(message, body);
            },
            onEnd: (end)=>{
                this.finish(end);
            }
        });
    }
    get phase() {
        return this.currentPhase;
    }
    /** False once the worker has broken a rule or said that it will end: it must not be given another call. */ get clean() {
        return !this.condemned && this.currentPhase !== 'gone';
    }
    /** Bytes printed since the session began, whatever became of them. */ get logBytes() {
        return this.receivedLogBytes;
    }
    /** One listener; a later one takes its place. It bounds what it keeps, for nothing is held back from it. */ onLog(listener) {
        this.listenToLog = listener;
    }
    /** Gives a stem its function. Rejects with `FUNCTION_LOAD_ERROR`, or `PeerError` when the worker ends first. */ async load(message) {
        this.requireOpen();
        this.move('load');
        this.maxResultBytes = Math.min(message.maxResultBytes, this.limits.maxResultBytes);
        this.channel.send({
            ...message,
            maxResultBytes: this.maxResultBytes
        });
        await this.idle();
        // It may have broken a rule in the same breath as it said that it is ready.
        this.requireOpen();
    }
    /**
   * One call. Rejects with `FUNCTION_ERROR`, `FUNCTION_INVALID_RESPONSE` or `FUNCTION_RESPONSE_TOO_LARGE`, or with
   * `PeerError` when the worker ends or breaks the protocol first. A streamed answer resolves with its head; what goes
   * wrong after that is its stream's error.
   */ async invoke(message, body) {
        this.requireOpen();
        this.move('invoke');
        const settled = Promise.withResolvers();
        this.call = {
            invocationId: message.invocationId,
            maxResultBytes: this.maxResultBytes,
            settled
        };
        this.channel.send(message, body);
        return settled.promise;
    }
    /** Resolves when the worker may be given a call; rejects with `PeerError` when it ends first. */ async idle() {
        this.requireOpen();
        if (this.currentPhase === 'ready') return;
        this.whenReady ??= Promise.withResolvers();
        await this.whenReady.promise;
    }
    /** Runs `listener` when the worker may be given a call or has ended, at once where it is so. One listener at a time. */ whenSettled(listener) {
        if (this.currentPhase === 'ready' || this.currentPhase === 'gone') listener();
        else this.settled = listener;
    }
    /** Ends the session and the worker; what is pending rejects. May be called again. */ close() {
        this.channel.end(PeerError.gone('closed'));
    }
    requireOpen() {
        if (this.ended) throw this.ended;
    }
    receive(message, body) {
        if (!mayReceive(this.currentPhase, message.type)) {
            throw new ProtocolViolation('wrong-phase', `A '${message.type}' came while the session was ${this.currentPhase}.`);
        }
        switch(message.type){
            case 'log':
                this.receivedLogBytes += body.length;
                this.listenToLog(message.stream, body);
                return;
            case 'ready':
                this.move('ready');
                this.whenReady?.resolve();
                this.whenReady = undefined;
                this.tellSettled();
                return;
            case 'loadError':
                this.whenReady?.reject(loadFailed(message));
                this.whenReady = undefined;
                this.channel.end(PeerError.gone('load-failed'));
                return;
            case 'result':
                this.answer(message, body);
                return;
            case 'error':
                this.fail(message);
                return;
            case 'chunk':
                this.call?.stream?.receive(body);
                return;
            case 'end':
                this.finishStream();
                return;
            case 'hello':
                throw new ProtocolViolation('wrong-phase', 'A worker said hello again.');
            default:
                message;
        }
    }
    /** The first complete answer settles the call; nothing that comes later can change it. */ answer(message, body) {
        const call = this.endCall(message);
        const streams = message.streams === true;
        this.move(streams ? 'stream' : 'answer');
        try {
            const { maxResultBytes } = call;
            const result = checkResponse(message, body, {
                ...this.limits,
                maxResultBytes
            });
            call.settled.resolve(streams ? {
                ...result,
                stream: this.beginStream(call)
            } : result);
        } catch (error) {
            call.settled.reject(error);
            // What it goes on to send has no reader.
            if (streams) this.close();
        }
    }
    fail(message) {
        const { settled, stream, maxResultBytes } = this.endCall(message);
        // After half an answer there is no clean end: its worker serves nobody else.
        this.condemned ||= message.kind === 'uncaught' || stream !== undefined;
        this.move('answer');
        const error = callFailed(message, maxResultBytes);
        if (stream) stream.fail(error);
        else settled.reject(error);
    }
    finishStream() {
        const stream = this.call?.stream;
        this.call = undefined;
        this.move('answer');
        stream?.finish();
    }
    endCall({ invocationId }) {
        const { call } = this;
        if (invocationId !== call?.invocationId) {
            throw new ProtocolViolation('wrong-invocation', 'An answer names another invocation.');
        }
        this.call = undefined;
        return call;
    }
    /** The call goes on until its stream has ended. */ beginStream(call) {
        const stream = new ResponseStream(this.limits.maxStreamBytes, {
            grant: (chunks)=>{
                if (this.call === call) this.channel.send({
                    type: 'credit',
                    chunks
                });
            },
            abandoned: ()=>{
                if (this.call === call) this.close();
            }
        });
        call.stream = stream;
        this.call = call;
        return stream;
    }
    finish(end) {
        this.ended = end;
        this.condemned ||= end.kind === 'violation';
        this.move('end');
        this.call?.settled.reject(end);
        this.call?.stream?.fail(end);
        this.call = undefined;
        this.whenReady?.reject(end);
        this.whenReady = undefined;
        this.markGone(end);
        this.tellSettled();
    }
    tellSettled() {
        const { settled } = this;
        this.settled = undefined;
        settled?.();
    }
    move(event) {
        this.currentPhase = nextPhase(this.currentPhase, event);
    }
}

//# sourceMappingURL=worker-session.js.map