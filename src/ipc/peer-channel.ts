import type { Socket } from 'node:net';
import { ScheduledReader } from '../common/read-scheduler/scheduled-reader.js';
import type { ReadScheduler } from '../common/read-scheduler/read-scheduler.js';
import type { CancelTimer, Clock } from '../common/time/clock.js';
import { PeerError } from './session-phase.js';
import { encodeFrame, type Frame, FrameDecoder, type FrameLimits } from './protocol/frame.js';
import { ProtocolViolation } from './protocol/protocol-violation.js';

export interface ChannelListener<Incoming> {
  /** Throws `ProtocolViolation` when the message may not come now; the channel then ends. */
  onMessage(message: Incoming, body: Buffer): void;
  /** Once, and nothing after it. */
  onEnd(end: PeerError): void;
}

/** How the messages of a peer are read. */
export interface Speech<Incoming> extends FrameLimits {
  /** Throws `ProtocolViolation` for anything that is no message. */
  parse(frame: Frame): Incoming;
}

/** While no call runs, a worker has next to nothing to send, and is not read more often than this. */
const idlePauseMs = 20;

/**
 * One connected peer, a worker or a builder, as a sequence of messages. A function that says more than its share of this process's time can
 * take is held back, and its own answer with it, so that nobody else's is. Any rule the worker breaks ends the channel.
 */
export class PeerChannel<Incoming, Outgoing> {
  private readonly decoder: FrameDecoder;
  private readonly reading: ScheduledReader;
  private cancelFrameTimer: CancelTimer | undefined;
  private cancelIdlePause: CancelTimer | undefined;
  private isIdle = false;
  private hasEnded = false;

  constructor(
    private readonly socket: Socket,
    private readonly clock: Clock,
    private readonly speech: Speech<Incoming>,
    private readonly frameTimeoutMs: number,
    readScheduler: ReadScheduler,
    private listener: ChannelListener<Incoming>,
  ) {
    this.reading = new ScheduledReader(socket, () => this.readOne(), readScheduler, clock);
    this.decoder = new FrameDecoder(speech);
    socket.on('data', (chunk: Buffer) => {
      this.read(chunk);
    });
    // 'close' follows every error and is enough.
    socket.on('error', () => undefined);
    // What it sent before it left counts, above all its answer, even if it has not been read yet.
    const left = () => {
      this.reading.ends(() => {
        this.end(PeerError.gone('disconnected'));
      });
    };
    socket.on('end', left);
    socket.on('close', left);
  }

  /** From now on `listener` gets everything. */
  handOver(listener: ChannelListener<Incoming>): void {
    this.listener = listener;
  }

  /** A call starts: the worker may send, and what it sent before does not count. */
  startCall(): void {
    this.isIdle = false;
    this.reading.reset();
    if (!this.cancelIdlePause) return;
    this.stopIdlePause();
    if (!this.reading.isWaiting) this.socket.resume();
  }

  /** No call runs. */
  becomeIdle(): void {
    this.isIdle = true;
  }

  send(message: Outgoing, body?: Uint8Array): void {
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
    this.stopIdlePause();
    this.reading.close();
    this.socket.destroy();
    this.listener.onEnd(end);
  }

  private read(chunk: Buffer): void {
    if (this.hasEnded) return;
    const wasIdle = this.isIdle;
    this.decoder.push(chunk);
    this.reading.arrived();
    if (wasIdle && this.isIdle && !this.isOver() && !this.reading.isWaiting) this.pauseIdle();
  }

  /** Hands over the next message of what has arrived; false when there is none. */
  private readOne(): boolean {
    try {
      const frame = this.decoder.next();
      if (!frame) {
        if (this.decoder.isInsideFrame) this.startFrameTimer();
        return false;
      }
      this.stopFrameTimer();
      this.listener.onMessage(this.speech.parse(frame), frame.body);
      // A listener may have ended the channel; the rest of the chunk is then dropped.
      return !this.hasEnded;
    } catch (error) {
      if (!(error instanceof ProtocolViolation)) throw error;
      this.end(PeerError.violation(error.reason, error.message));
      return false;
    }
  }

  private pauseIdle(): void {
    this.socket.pause();
    this.cancelIdlePause ??= this.clock.schedule(idlePauseMs, () => {
      this.cancelIdlePause = undefined;
      if (!this.reading.isWaiting) this.socket.resume();
    });
  }

  private stopIdlePause(): void {
    this.cancelIdlePause?.();
    this.cancelIdlePause = undefined;
  }

  private isOver(): boolean {
    return this.hasEnded;
  }

  /** One timer for each frame that did not arrive whole; further chunks of it do not extend the time. */
  private startFrameTimer(): void {
    this.cancelFrameTimer ??= this.clock.schedule(this.frameTimeoutMs, () => {
      this.cancelFrameTimer = undefined;
      // The rest of it may have arrived and not been read yet.
      if (this.reading.isWaiting) this.startFrameTimer();
      else this.end(PeerError.violation('frame-too-slow', 'A message did not arrive whole in time.'));
    });
  }

  private stopFrameTimer(): void {
    this.cancelFrameTimer?.();
    this.cancelFrameTimer = undefined;
  }
}
