import { callFailed, loadFailed } from './function-errors.js';
import { mayReceive, nextPhase, PeerError, type SessionEvent, type SessionPhase } from './session-phase.js';
import type {
  HostMessage,
  InvocationErrorMessage,
  InvokeMessage,
  LoadMessage,
  LogLevel,
  OutputStreamName,
  Presentation,
  ResultMessage,
  ValueMessage,
  WorkerMessage,
} from './protocol/messages.js';
import { ProtocolViolation } from './protocol/protocol-violation.js';
import {
  checkResponse,
  checkValue,
  isStreamed,
  type ResponseLimits,
  type StreamedResult,
  type WorkerResult,
} from './response-check.js';
import { ResponseStream } from './response-stream.js';
import type { PeerChannel } from './peer-channel.js';

export { isStreamed, PeerError, type StreamedResult, type WorkerResult };

export type LogListener = (stream: OutputStreamName, bytes: Buffer, level: LogLevel | undefined) => void;

const answerTo = { http: 'result', payload: 'value' } as const;

interface PendingCall {
  readonly invocationId: string;
  readonly presentation: Presentation['kind'];
  readonly maxResultBytes: number;
  readonly settled: PromiseWithResolvers<WorkerResult>;
  /** Set once the head of a streamed answer has come. */
  stream?: ResponseStream;
}

/**
 * The host's side of the conversation with one worker, from its `hello` on. It has no deadlines: callers race its promises
 * against deadlines of their own and close the session when a deadline wins.
 */
export class WorkerSession {
  /** Resolves, never rejecting, with the reason when the session has ended. */
  readonly gone: Promise<PeerError>;
  private readonly markGone: (end: PeerError) => void;
  private currentPhase: SessionPhase = 'prewarmed';
  private ended: PeerError | undefined;
  private isPoisoned = false;
  private receivedLogBytes = 0;
  private listenToLog: LogListener = () => undefined;
  private call: PendingCall | undefined;
  private whenReady: PromiseWithResolvers<void> | undefined;
  private settled: (() => void) | undefined;
  private maxResultBytes: number;

  constructor(
    private readonly channel: PeerChannel<WorkerMessage, HostMessage>,
    private readonly limits: ResponseLimits,
  ) {
    const { promise, resolve } = Promise.withResolvers<PeerError>();
    this.gone = promise;
    this.markGone = resolve;
    this.maxResultBytes = limits.maxResultBytes;
    channel.handOver({
      onMessage: (message, body) => {
        this.receive(message, body);
      },
      onEnd: (end) => {
        this.finish(end);
      },
    });
  }

  get phase(): SessionPhase {
    return this.currentPhase;
  }

  /** False once the worker has broken a rule or said that it will end: it must not get another call. */
  get isHealthy(): boolean {
    return !this.isPoisoned && this.currentPhase !== 'gone';
  }

  /** Bytes printed since the session started, whether they were kept or not. */
  get logBytes(): number {
    return this.receivedLogBytes;
  }

  /** One listener; a later one replaces it. It must limit what it keeps, because it gets everything. */
  onLog(listener: LogListener): void {
    this.listenToLog = listener;
  }

  /** Gives a prewarmed worker its function. Rejects with `FUNCTION_LOAD_ERROR`, or `PeerError` when the worker ends first. */
  async load(message: LoadMessage): Promise<void> {
    this.requireOpen();
    this.move('load');
    this.maxResultBytes = Math.min(message.maxResultBytes, this.limits.maxResultBytes);
    this.channel.send({ ...message, maxResultBytes: this.maxResultBytes });
    await this.idle();
    // It may have broken a rule together with saying that it is ready.
    this.requireOpen();
  }

  /**
   * One call. Rejects with `FUNCTION_ERROR`, `FUNCTION_INVALID_RESPONSE` or `FUNCTION_RESPONSE_TOO_LARGE`, or with
   * `PeerError` when the worker ends or breaks the protocol first. A streamed answer resolves with its head; what goes
   * wrong after that is its stream's error.
   */
  async invoke(message: InvokeMessage, body: Buffer): Promise<WorkerResult> {
    this.requireOpen();
    this.move('invoke');
    this.channel.startCall();
    const settled = Promise.withResolvers<WorkerResult>();
    this.call = {
      invocationId: message.invocationId,
      presentation: message.presentation.kind,
      maxResultBytes: this.maxResultBytes,
      settled,
    };
    this.channel.send(message, body);
    return settled.promise;
  }

  /** Resolves when the worker may get a call; rejects with `PeerError` when it ends first. */
  async idle(): Promise<void> {
    this.requireOpen();
    if (this.currentPhase === 'ready') return;
    this.whenReady ??= Promise.withResolvers();
    await this.whenReady.promise;
  }

  /** Runs `listener` when the worker may get a call or has ended, at once if it already has. One listener at a time. */
  whenSettled(listener: () => void): void {
    if (this.currentPhase === 'ready' || this.currentPhase === 'gone') listener();
    else this.settled = listener;
  }

  /** Ends the session and the worker; pending promises reject. May be called again. */
  close(): void {
    this.channel.end(PeerError.gone('closed'));
  }

  /** Ends the session through the function's fault: it has printed more than it may. */
  endForOutput(limit: string): void {
    this.channel.end(PeerError.violation('too-much-output', limit));
  }

  private requireOpen(): void {
    if (this.ended) throw this.ended;
  }

  private receive(message: WorkerMessage, body: Buffer): void {
    if (!mayReceive(this.currentPhase, message.type)) {
      throw new ProtocolViolation(
        'wrong-phase',
        `A '${message.type}' came while the session was ${this.currentPhase}.`,
      );
    }
    switch (message.type) {
      case 'log':
        this.receivedLogBytes += body.length;
        this.listenToLog(message.stream, body, message.level);
        return;
      case 'ready':
        this.move('ready');
        this.channel.becomeIdle();
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
      case 'value':
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
        message satisfies never;
    }
  }

  /** The first complete answer settles the call; nothing later can change it. */
  private answer(message: ResultMessage | ValueMessage, body: Buffer): void {
    this.requireRead();
    const call = this.endCall(message);
    const streams = message.streams === true;
    this.move(streams ? 'stream' : 'answer');
    try {
      const limits = { ...this.limits, maxResultBytes: call.maxResultBytes };
      const result =
        message.type === 'value' ? checkValue(body, limits) : checkResponse(message, body, limits);
      call.settled.resolve(streams ? { ...result, stream: this.beginStream(call) } : result);
    } catch (error) {
      call.settled.reject(error);
      // Nothing reads what it sends from now on.
      if (streams) this.close();
    }
  }

  private fail(message: InvocationErrorMessage): void {
    if (this.currentPhase === 'busy') this.requireRead();
    const { settled, stream, maxResultBytes } = this.endCall(message);
    // After half an answer the worker is poisoned: it serves no other call.
    this.isPoisoned ||= message.kind === 'uncaught' || stream !== undefined;
    this.move('answer');
    const error = callFailed(message, maxResultBytes);
    if (stream) stream.fail(error);
    else settled.reject(error);
  }

  private finishStream(): void {
    const stream = this.call?.stream;
    this.call = undefined;
    this.move('answer');
    stream?.finish();
  }

  /** If a worker answers without having read the call, the rest would wait in the socket with the next call. */
  private requireRead(): void {
    if (this.channel.isUnread)
      throw new ProtocolViolation('unread', 'An answer came before the call was read.');
  }

  private endCall(message: ResultMessage | ValueMessage | InvocationErrorMessage): PendingCall {
    const { call } = this;
    if (message.invocationId !== call?.invocationId) {
      throw new ProtocolViolation('wrong-invocation', 'An answer names another invocation.');
    }
    if (message.type !== 'error' && message.type !== answerTo[call.presentation]) {
      throw new ProtocolViolation('wrong-answer', `A '${message.type}' came to a call of the other kind.`);
    }
    this.call = undefined;
    return call;
  }

  /** The call runs until its stream has ended. */
  private beginStream(call: PendingCall): ResponseStream {
    const stream = new ResponseStream(this.limits.maxStreamBytes, {
      grant: (chunks) => {
        if (this.call === call) this.channel.send({ type: 'credit', chunks });
      },
      abandoned: () => {
        if (this.call === call) this.close();
      },
    });
    call.stream = stream;
    this.call = call;
    return stream;
  }

  private finish(end: PeerError): void {
    this.ended = end;
    this.isPoisoned ||= end.kind === 'violation';
    this.move('end');
    this.call?.settled.reject(end);
    this.call?.stream?.fail(end);
    this.call = undefined;
    this.whenReady?.reject(end);
    this.whenReady = undefined;
    this.markGone(end);
    this.tellSettled();
  }

  private tellSettled(): void {
    const { settled } = this;
    this.settled = undefined;
    settled?.();
  }

  private move(event: SessionEvent): void {
    this.currentPhase = nextPhase(this.currentPhase, event);
  }
}
