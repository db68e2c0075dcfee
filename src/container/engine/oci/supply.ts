/** After so many rounds in which nobody took anything, nothing is kept ready. */
const roundsUntilEmpty = 10;

/** Things that take a while to make and are therefore made in batches, before they are needed. */
export class Supply<T> {
  private readonly ready: T[] = [];
  private making: Promise<void> | undefined;
  /** In this round: how many were ready all the time, so that nobody needed them. */
  private fewestReady = 0;
  private wasUsed = false;
  private idleRounds = 0;

  constructor(
    private readonly make: (count: number) => Promise<readonly T[]>,
    private readonly batch: number,
  ) {}

  /** Rejects if there is none and none can be made. */
  async take(): Promise<T> {
    this.wasUsed = true;
    for (;;) {
      const item = this.ready.pop();
      this.fewestReady = Math.min(this.fewestReady, this.ready.length);
      if (this.ready.length < this.batch / 2) this.makeMore();
      if (item !== undefined) return item;
      await this.making;
    }
  }

  /** It is as good as a new one. */
  giveBack(item: T): void {
    this.ready.push(item);
  }

  /** Ends a round, and gives what it has shown not to be needed: the caller unmakes that. */
  endRound(): readonly T[] {
    this.idleRounds = this.wasUsed ? 0 : this.idleRounds + 1;
    const { fewestReady, idleRounds, batch } = this;
    // The last ones given back are taken first, so that the first ones are those that nobody took.
    const surplus = this.ready.splice(0, surplusOf({ fewestReady, idleRounds, batch }));
    this.fewestReady = this.ready.length;
    this.wasUsed = false;
    return surplus;
  }

  private makeMore(): void {
    if (this.making) return;
    const making = this.make(this.batch)
      .then((made) => {
        this.ready.push(...made);
      })
      .finally(() => {
        this.making = undefined;
      });
    // Who waits for it hears of a failure; nobody else has to.
    making.catch(() => undefined);
    this.making = making;
  }
}

interface Round {
  readonly fewestReady: number;
  /** So many before it, and it too, in which nobody took anything. */
  readonly idleRounds: number;
  readonly batch: number;
}

/** A batch stays, or the next use would make one again. */
function surplusOf({ fewestReady, idleRounds, batch }: Round): number {
  return idleRounds >= roundsUntilEmpty ? fewestReady : Math.max(0, fewestReady - batch);
}
