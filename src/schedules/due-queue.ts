/** Something that is due at a time, and knows its place in the queue. */
interface Place<Item> {
  readonly item: Item;
  readonly dueMs: number;
  index: number;
}

/**
 * What is due when, the earliest first: a binary heap, in which an item is once. Adding and removing take as many steps
 * as the number of items has binary digits, looking takes one.
 */
export class DueQueue<Item> {
  private readonly heap: Place<Item>[] = [];
  private readonly places = new Map<Item, Place<Item>>();

  /** Infinite if nothing is in it. */
  get nextMs(): number {
    return this.heap[0]?.dueMs ?? Infinity;
  }

  /** An item that is in it moves. */
  put(item: Item, dueMs: number): void {
    this.delete(item);
    const place = { item, dueMs, index: this.heap.length };
    this.places.set(item, place);
    this.heap.push(place);
    this.rise(place);
  }

  delete(item: Item): void {
    const place = this.places.get(item);
    if (!place) return;
    this.places.delete(item);
    const last = this.heap.pop();
    if (!last || last === place) return;
    this.set(place.index, last);
    this.rise(last);
    this.sink(last);
  }

  /** Takes the earliest out, if it is due. */
  take(nowMs: number): Item | undefined {
    const [first] = this.heap;
    if (!first || first.dueMs > nowMs) return undefined;
    this.delete(first.item);
    return first.item;
  }

  private rise(place: Place<Item>): void {
    for (;;) {
      const parent = this.heap[(place.index - 1) >> 1];
      if (place.index === 0 || !parent || parent.dueMs <= place.dueMs) return;
      this.swap(place, parent);
    }
  }

  private sink(place: Place<Item>): void {
    for (;;) {
      const [left, right] = [this.heap[2 * place.index + 1], this.heap[2 * place.index + 2]];
      const child = right && left && right.dueMs < left.dueMs ? right : left;
      if (!child || child.dueMs >= place.dueMs) return;
      this.swap(place, child);
    }
  }

  private swap(one: Place<Item>, other: Place<Item>): void {
    const { index } = one;
    this.set(other.index, one);
    this.set(index, other);
  }

  private set(index: number, place: Place<Item>): void {
    this.heap[index] = place;
    place.index = index;
  }
}
