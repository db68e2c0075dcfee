import type { Clock } from '../common/time/clock.js';
import type { LaunchedContainer } from '../container/launched-container.js';
import type { SandboxEvents } from './sandbox-events.js';

/** Readings of one container come no closer together, so that a flood of calls is not a flood of readings. */
const shortestPauseMs = 1000;

/** What the container had used when it rested after so many calls. */
interface Mark {
  readonly calls: number;
  readonly cpuTimeMs: number | null;
}

/**
 * Tells what each call of one container used: the difference of two readings of the kernel's accounts, one before it
 * and one after. They are taken between calls, never on a call's way, so of calls that follow one another closely only
 * some are measured.
 */
export class UsageMeter {
  private calls = 0;
  private callsMeasured = 0;
  private invocationId: string | undefined;
  private mark: Mark | undefined;
  private reading: Promise<void> | undefined;
  private lastReadMs = Number.NEGATIVE_INFINITY;
  /** At the last look calls had left so many processes behind that the next may not get its own. */
  isCrowded = false;

  constructor(
    private readonly container: LaunchedContainer,
    private readonly clock: Clock,
    private readonly events: SandboxEvents,
  ) {}

  /**
   * The function is loaded: what was used until now is no call's. A call that begins before the reading is there is
   * charged less by that moment.
   */
  loaded(): void {
    void this.read(async () => {
      const { cpuTimeMs } = await this.container.usage();
      this.mark = { calls: 0, cpuTimeMs };
    });
  }

  startCall(invocationId: string): void {
    this.calls += 1;
    this.invocationId = invocationId;
  }

  /**
   * The call is over and the container rests; another call may come. Resolves, never rejecting, when it has been looked at
   * again; undefined where the last look is not long ago.
   */
  becomeIdle(): Promise<void> | undefined {
    const sinceMs = this.clock.monotonicMs() - this.lastReadMs;
    if (this.reading !== undefined || sinceMs < shortestPauseMs) return undefined;
    return this.read(async () => {
      await this.measure();
      this.isCrowded = await this.container.isCrowded();
    });
  }

  /** The container will end; resolves when its last call has been measured. Never rejects. */
  async end(): Promise<void> {
    await this.reading;
    if (this.callsMeasured < this.calls) await this.measure();
  }

  private read(work: () => Promise<void>): Promise<void> {
    this.lastReadMs = this.clock.monotonicMs();
    const reading = work().finally(() => {
      this.reading = undefined;
    });
    this.reading = reading;
    return reading;
  }

  private async measure(): Promise<void> {
    const { calls, invocationId, mark } = this;
    this.callsMeasured = calls;
    const { memoryPeakBytes, cpuTimeMs } = await this.container.usage();
    // Where the next call has begun meanwhile, the reading is of both and a measure of neither.
    const isBetweenCalls = this.calls === calls;
    this.mark = isBetweenCalls ? { calls, cpuTimeMs } : undefined;
    if (invocationId === undefined || (memoryPeakBytes === null && cpuTimeMs === null)) return;
    const used = isBetweenCalls && mark?.calls === calls - 1 ? difference(mark.cpuTimeMs, cpuTimeMs) : null;
    this.events.used(invocationId, { memoryPeakBytes, cpuTimeMs: used });
  }
}

function difference(beforeMs: number | null, afterMs: number | null): number | null {
  return beforeMs === null || afterMs === null ? null : Math.max(0, afterMs - beforeMs);
}
