import type { Clock } from '../common/time/clock.js';
import type { LaunchedContainer } from '../container/launched-container.js';
import type { SandboxEvents } from './sandbox-events.js';

/** The shortest time between two readings of one container, so that a flood of calls is not a flood of readings. */
const shortestPauseMs = 1000;

/** What the container had used when it became idle after so many calls. */
interface Mark {
  readonly calls: number;
  readonly cpuTimeMs: number | null;
}

/**
 * Measures what each call of one container used: the difference between two readings of the kernel's counters, one
 * before it and one after. They are taken between calls and delay none, so only some of the calls that follow one
 * another closely are measured.
 */
export class UsageMeter {
  private calls = 0;
  private callsMeasured = 0;
  private invocationId: string | undefined;
  private mark: Mark | undefined;
  private reading: Promise<void> | undefined;
  private lastReadMs = Number.NEGATIVE_INFINITY;
  /** At the last reading, calls had left so many processes running that the next may not get its own. */
  isCrowded = false;

  constructor(
    private readonly container: LaunchedContainer,
    private readonly clock: Clock,
    private readonly events: SandboxEvents,
  ) {}

  /**
   * The function is loaded: what was used until now is no call's. A call that starts before the reading is there is
   * charged a little less.
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
   * The call is over and another may come. Resolves, and never rejects, when the container has been read; undefined when
   * the last reading is recent.
   */
  becomeIdle(): Promise<void> | undefined {
    const sinceMs = this.clock.monotonicMs() - this.lastReadMs;
    if (this.reading !== undefined || sinceMs < shortestPauseMs) return undefined;
    return this.read(async () => {
      await this.measure();
      this.isCrowded = await this.container.isCrowded();
    });
  }

  /** The container will end: resolves, and never rejects, when its last call has been measured. */
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
    // If the next call has started meanwhile, the reading covers both and measures neither.
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
