import type { Clock } from '../../common/time/clock.js';

interface OutputLimits {
  readonly prints: number;
  readonly bytes: number;
  /** How much of each is given back in a second. */
  readonly printsPerSecond: number;
  readonly bytesPerSecond: number;
  readonly when: string;
}

/** Far more than anybody reads of one call; up to this, a call that prints too fast is only slowed down. */
const ofCall: OutputLimits = {
  prints: 1_000_000,
  bytes: 256 * 1024 * 1024,
  printsPerSecond: 0,
  bytesPerSecond: 0,
  when: 'in one call',
};

/** The last output of a call and a line now and then: nobody has asked for work, and nobody pays for it. */
const whileIdle: OutputLimits = {
  prints: 1000,
  bytes: 256 * 1024,
  printsPerSecond: 50,
  bytesPerSecond: 16 * 1024,
  when: 'while no call ran',
};

/**
 * How much one container may print, in a call and between calls, through its worker or past it. It counts and never
 * measures a speed: nobody loses a container because the machine was busy.
 */
export class OutputBudget {
  private limits = ofCall;
  private prints = 0;
  private bytes = 0;
  private countedAtMs = 0;

  constructor(private readonly clock: Clock) {}

  startCall(): void {
    this.reset(ofCall);
  }

  becomeIdle(): void {
    this.reset(whileIdle);
    this.countedAtMs = this.clock.monotonicMs();
  }

  /** Counts one print; if it exceeds a limit, returns a sentence about it for the function's author. */
  exceededBy(bytes: number): string | undefined {
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

  private reset(limits: OutputLimits): void {
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
