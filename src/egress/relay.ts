import type { Socket } from 'node:net';
import type { CancelTimer, Clock } from '../common/time/clock.js';
import type { Pace } from './egress-shares.js';

export interface RelayLimits {
  readonly idleMs: number;
  readonly ageMs: number;
  /** Both ways together. */
  readonly maxBytes: number;
  /** When the container last got a call, which counts as a byte: code that runs may want the connection in a moment. */
  readonly lastCallMs: () => number;
  readonly pace: Pace;
}

/** The setting because of which a relay was cut. */
export type CutBy = 'idleTimeoutSeconds' | 'ageSeconds' | 'connectionMiB';

export interface RelayListener {
  onBytes(direction: 'out' | 'in', bytes: number): void;
  /** At most once, before anybody can notice; not for a connection that its ends close. */
  onCut(by: CutBy): void;
  /** Once, when both ends are closed. */
  onClosed(): void;
}

/**
 * Carries bytes between a container's connection and its destination, at its function's pace and within its limits. At
 * most one chunk of each direction waits in this process: no more is read until it has been passed on.
 */
export class Relay {
  private bytes = 0;
  private lastByteMs: number;
  private isCut = false;
  private openEnds = 2;
  private cancelIdle: CancelTimer = () => undefined;
  private readonly cancelAge: CancelTimer;
  private readonly cancelWaits = { out: () => undefined, in: () => undefined } as Record<
    'out' | 'in',
    CancelTimer
  >;

  constructor(
    private readonly client: Socket,
    private readonly destination: Socket,
    private readonly clock: Clock,
    private readonly limits: RelayLimits,
    private readonly listener: RelayListener,
  ) {
    this.lastByteMs = clock.monotonicMs();
    this.cancelAge = clock.schedule(limits.ageMs, () => {
      this.cut('ageSeconds');
    });
    this.watchIdle(limits.idleMs);
    this.carry(client, destination, 'out');
    this.carry(destination, client, 'in');
  }

  /** Breaks off both ends. */
  end(): void {
    this.client.destroy();
    this.destination.destroy();
  }

  private carry(from: Socket, to: Socket, direction: 'out' | 'in'): void {
    const { pace } = this.limits;
    const goOn = () => {
      if (from.destroyed || !from.isPaused() || to.writableLength > 0) return;
      this.cancelWaits[direction]();
      if (pace.isSpent()) this.cancelWaits[direction] = pace.whenAgain(goOn);
      else from.resume();
    };
    from.on('data', (chunk: Buffer) => {
      this.count(direction, chunk.length);
      to.write(chunk, goOn);
      if (to.writableLength > 0 || pace.isSpent()) from.pause();
    });
    from.once('end', () => {
      to.end();
    });
    from.once('close', () => {
      // What came before the end still reaches the other side, and nothing after it.
      to.destroySoon();
      this.openEnds -= 1;
      if (this.openEnds === 0) this.finish();
    });
    from.resume();
  }

  private count(direction: 'out' | 'in', bytes: number): void {
    this.bytes += bytes;
    this.lastByteMs = this.clock.monotonicMs();
    this.limits.pace.carried(bytes);
    this.listener.onBytes(direction, bytes);
    if (this.bytes > this.limits.maxBytes) this.cut('connectionMiB');
  }

  /** A timer for each byte would cost more than the byte, so one timer checks when the last one came. */
  private watchIdle(delayMs: number): void {
    this.cancelIdle = this.clock.schedule(delayMs, () => {
      const quietSinceMs = Math.max(this.lastByteMs, this.limits.lastCallMs());
      const leftMs = quietSinceMs + this.limits.idleMs - this.clock.monotonicMs();
      if (leftMs > 0) this.watchIdle(leftMs);
      else this.cut('idleTimeoutSeconds');
    });
  }

  private cut(by: CutBy): void {
    if (!this.isCut) this.listener.onCut(by);
    this.isCut = true;
    this.end();
  }

  private finish(): void {
    this.cancelIdle();
    this.cancelAge();
    this.cancelWaits.out();
    this.cancelWaits.in();
    this.listener.onClosed();
  }
}
