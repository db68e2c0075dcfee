/** Things that take a while to make and are therefore made in batches, before they are needed. */
export class Supply<T> {
  private readonly ready: T[] = [];
  private making: Promise<void> | undefined;

  constructor(
    private readonly make: (count: number) => Promise<readonly T[]>,
    private readonly batch: number,
  ) {}

  /** Rejects if there is none and none can be made. */
  async take(): Promise<T> {
    for (;;) {
      const item = this.ready.pop();
      if (this.ready.length < this.batch / 2) this.makeMore();
      if (item !== undefined) return item;
      await this.making;
    }
  }

  /** It is as good as a new one. */
  giveBack(item: T): void {
    this.ready.push(item);
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
