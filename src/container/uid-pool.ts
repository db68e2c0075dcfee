/**
 * User ids for containers, each held by one container at a time: the kernel counts several limits by user over all
 * containers, so two that shared one could starve each other. Ids are handed out in turn, so that a freed one rests
 * as long as possible.
 */
export class UidPool {
  private readonly taken = new Set<number>();
  private next: number;

  constructor(
    private readonly first: number,
    private readonly last: number,
  ) {
    this.next = first;
  }

  /** Where the turn begins, before any id is taken; servers that share a range should not begin at one place. */
  beginAt(start: number): void {
    this.next = this.first + (start % (this.last - this.first + 1));
  }

  get inUse(): number {
    return this.taken.size;
  }

  /** A free id, or undefined when all are in use. */
  take(): number | undefined {
    if (this.taken.size > this.last - this.first) return undefined;
    while (this.taken.has(this.next)) this.advance();
    const uid = this.next;
    this.taken.add(uid);
    this.advance();
    return uid;
  }

  free(uid: number): void {
    if (!this.taken.delete(uid)) throw new Error(`User id ${uid} is not in use.`);
  }

  private advance(): void {
    this.next = this.next === this.last ? this.first : this.next + 1;
  }
}
