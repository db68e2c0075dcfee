/** A value's place in a list, by which it is removed. Out of the list it leads nowhere. */
export class Link<T> {
  before: Link<T> = this;
  behind: Link<T> = this;

  constructor(readonly value: T | undefined) {}
}

/**
 * Values in the order in which they came, for what every call adds and removes. A `Set` would do; but V8 gives a changing one
 * a new table every few dozen changes, and each old table refers to the next. Once one of them has come to the old generation,
 * collections of the young one take all later tables for alive, with all calls in them, until the next full collection.
 */
export class LinkedList<T> {
  /** Stands before the first and behind the last. */
  private readonly ends = new Link<T>(undefined);
  private count = 0;

  get size(): number {
    return this.count;
  }

  get isEmpty(): boolean {
    return this.count === 0;
  }

  get first(): T | undefined {
    return this.ends.behind.value;
  }

  /** A copy: the list may change meanwhile. */
  values(): T[] {
    const values: T[] = [];
    for (let link = this.ends.behind; link !== this.ends; link = link.behind) values.push(link.value as T);
    return values;
  }

  /** Behind all others. */
  add(value: T): Link<T> {
    const link = new Link(value);
    const { ends } = this;
    link.before = ends.before;
    link.behind = ends;
    ends.before.behind = link;
    ends.before = link;
    this.count += 1;
    return link;
  }

  /** Only for a link of this list. False if it has been removed before. */
  remove(link: Link<T>): boolean {
    const { before, behind } = link;
    if (behind === link) return false;
    before.behind = behind;
    behind.before = before;
    link.before = link;
    link.behind = link;
    this.count -= 1;
    return true;
  }
}
