import type { Socket } from 'node:net';
import type { CancelTimer, Clock } from '../common/time/clock.js';
import { PeerError } from './peer-error.js';
import { encodeFrame } from './protocol/encode-frame.js';
import { FrameDecoder } from './protocol/frame-decoder.js';
import { maxWorkerJsonBytes } from './protocol/limits.js';
import type { HostMessage, WorkerMessage } from './protocol/messages.js';
import { ProtocolViolation } from './protocol/protocol-violation.js';
import { parseWorkerMessage } from './worker-message.js';

export interface ChannelListener {
  /** Throws `ProtocolViolation` when the message may not come now; the channel then ends. */
  onMessage(message: WorkerMessage, body: Buffer): void;
  /** Once, and nothing after it. */
  onEnd(end: PeerError): void;
}

export interface ChannelLimits {
  readonly frameTimeoutMs: number;
  readonly maxResultBytes: number;
}

/**
 * One connected worker as a sequence of messages. Reading never pauses: a function that floods its output must not
 * hold up its own answer. Any rule the worker breaks ends the channel.
 */
export class WorkerChannel {
  private readonly decoder: FrameDecoder;
  private cancelFrameTimer: CancelTimer | undefined;
  private hasEnded = false;

  constructor(
    private readonly socket: Socket,
    private readonly clock: Clock,
    private readonly limits: ChannelLimits,
    private listener: ChannelListener,
  ) {
    this.decoder = new FrameDecoder({
      maxJsonBytes: maxWorkerJsonBytes,
      maxBodyBytes: limits.maxResultBytes,
    });
    socket.on('data', (chunk: Buffer) => {
      this.read(chunk);
    });
    // 'close' follows every error and says all there is to know.
    socket.on('error', () => undefined);
    socket.on('end', () => {
      this.end(PeerError.gone('disconnected'));
    });
    socket.on('close', () => {
      this.end(PeerError.gone('disconnected'));
    });
  }

  /** From now on `listener` hears everything. */
  handOver(listener: ChannelListener): void {
    this.listener = listener;
  }

  send(message: HostMessage, body?: Uint8Array): void {
    if (this.hasEnded) return;
    for (const part of encodeFrame(JSON.stringify(message), body)) this.socket.write(part);
  }

  /** Whether the worker has not taken all that was sent to it. */
  get isUnread(): boolean {
    return this.socket.writableLength > 0;
  }

  /** Closes the socket, which ends the worker. Only the first end counts. */
  end(end: PeerError): void {
    if (this.hasEnded) return;
    this.hasEnded = true;
    this.stopFrameTimer();
    this.socket.destroy();
    this.listener.onEnd(end);
  }

  private read(chunk: Buffer): void {
    if (this.hasEnded) return;
    try {
      this.decoder.push(chunk);
      for (let frame = this.decoder.next(); frame; frame = this.decoder.next()) {
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

  private isOver(): boolean {
    return this.hasEnded;
  }

  /** One timer per frame that did not arrive whole; a further chunk of the same frame does not extend it. */
  private startFrameTimer(): void {
    this.cancelFrameTimer ??= this.clock.schedule(this.limits.frameTimeoutMs, () => {
      this.end(PeerError.violation('frame-too-slow', 'A message was begun and not finished in time.'));
    });
  }

  private stopFrameTimer(): void {
    this.cancelFrameTimer?.();
    this.cancelFrameTimer = undefined;
  }
}
