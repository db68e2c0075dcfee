/**
 * What is done in one go. Who wakes up while a core is taken waits for the scheduler's next tick, up to 4 ms, whatever the
 * priorities: they only say who comes first then.
 */
const stretchMs = 0.5;

/**
 * Has a thread work at most half of the time, in short stretches, so that a call finds a core free. It goes by the
 * processor time of its thread: waiting for the disk is rest already. Blocks its thread.
 */
export class Pace {
  private restedAtMs: number;

  constructor(
    private readonly cpuMs: () => number = threadCpuMs,
    private readonly rest: (ms: number) => void = sleep,
  ) {
    this.restedAtMs = cpuMs();
  }

  /** To be called between two small pieces of work. */
  step(): void {
    const workedMs = this.cpuMs() - this.restedAtMs;
    if (workedMs < stretchMs) return;
    this.rest(workedMs);
    this.restedAtMs = this.cpuMs();
  }
}

function threadCpuMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

function sleep(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)), 0, 0, ms);
}
