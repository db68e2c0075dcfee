import type { PoolBudget } from './pool-policy.js';

/**
 * What all pools together keep ready or provision ahead of calls, as a running total: a warm call asks for it, and must not
 * pay for every function on the server.
 */
export class KeptTotal implements PoolBudget {
  private keptContainers = 0;
  private keptMemoryMiB = 0;

  get containers(): number {
    return this.keptContainers;
  }

  get memoryMiB(): number {
    return this.keptMemoryMiB;
  }

  /** The part of one pool, whose containers may each take this much memory. */
  part(memoryMiB: number): KeptPart {
    return new KeptPart(memoryMiB, (containers) => {
      this.keptContainers += containers;
      this.keptMemoryMiB += containers * memoryMiB;
    });
  }
}

/** What one pool keeps. The pool says so after every change. */
export class KeptPart {
  private counted = 0;
  private isLeft = false;

  constructor(
    readonly memoryMiB: number,
    private readonly onChange: (containers: number) => void,
  ) {}

  get containers(): number {
    return this.counted;
  }

  becomes(containers: number): void {
    if (this.isLeft || containers === this.counted) return;
    this.onChange(containers - this.counted);
    this.counted = containers;
  }

  /** The pool is not one of the server's any more, whatever becomes of it. */
  leave(): void {
    this.becomes(0);
    this.isLeft = true;
  }
}
