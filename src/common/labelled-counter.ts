/** How often each of a few things has happened since the server's start. Only grows. */
export class LabelledCounter<K extends string> {
  private readonly counts = new Map<K, number>();

  add(what: K): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + 1);
  }

  /** Without those that never happened. */
  get byKind(): Readonly<Partial<Record<K, number>>> {
    return Object.fromEntries(this.counts) as Partial<Record<K, number>>;
  }
}
