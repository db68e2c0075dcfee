import type { Clock } from '../../common/time/clock.js';

interface OutputLimits {
  readonly prints: number;
  readonly bytes: number;
  /** So much of it comes back in a second. */
  readonly printsPerSecond: number;
  readonly bytesPerSecond: number;
  readonly when: string;
}

/** Far beyond what anybody reads of one call; until then a call that prints too fast is only slowed down. */
const ofCall: OutputLimits = {
  prints: 1_000_000,
  bytes: 256 * 1024 * 1024,
  printsPerSecond: 0,
  bytesPerSecond: 0,
  when: 'in one call',
};

/** The last words of a call and a line now and then: nobody has asked for anything, and nobody pays for it. */
const whileIdle: OutputLimits = {
  prints: 1000,
  bytes: 256 * 1024,
  printsPerSecond: 50,
  bytesPerSecond: 16 * 1024,
  when: 'while no call ran',
};

/**
 * How much one container may print, in a call and between calls, whether to its worker or past it. Counts only, no
 * measured time: nobody loses a container because the machine was busy.
 */
export class OutputBudget {
  private limits = ofCall;
  private prints = 0;
  private bytes = 0;
  private countedAtMs = 0;

  constructor(private readonly clock: Clock) {}

  startCall(): void {
    this.begin(ofCall);
  }

  becomeIdle(): void {
    this.begin(whileIdle);
    this.countedAtMs = this.clock.monotonicMs();
  }

  /** Counts one print; says which limit it passes, if any, in a sentence for the function's author. */
  passedBy(bytes: number): string | undefined {
    if (this.limits === whileIdle) this.giveBack();
    this.prints += 1;
    this.bytes += bytes;
    const { limits } = this;
    const what =
      this.prints > limits.prints
        ? `${limits.prints} times`
        : this.bytes > limits.bytes
          ? `${limits.bytes} bytes`
          : undefined;
    if (what === undefined) return undefined;
    return `The function printed more than ${what} ${limits.when}, and its container was removed; print less.`;
  }

  private begin(limits: OutputLimits): void {
    this.limits = limits;
    this.prints = 0;
    this.bytes = 0;
  }

  private giveBack(): void {
    const nowMs = this.clock.monotonicMs();
    const seconds = (nowMs - this.countedAtMs) / 1000;
    this.prints = Math.max(0, this.prints - seconds * this.limits.printsPerSecond);
    this.bytes = Math.max(0, this.bytes - seconds * this.limits.bytesPerSecond);
    this.countedAtMs = nowMs;
  }
}
