/** Stands for all functions that have no place of their own; no function can be called so. */
export const otherFunctions = '_other';

/**
 * What is kept for each function, of a bounded number of them: whoever has once seen a thousand functions must not
 * carry a thousand series for ever. The first ones called get a place, and give it up when they are deleted.
 */
export class BoundedFunctions<T> {
  private readonly places = new Map<string, T>();
  private readonly other: T;

  /** `isKnown` because a call may end after its function was deleted; it gets no place then. */
  constructor(
    private readonly maxFunctions: number,
    private readonly isKnown: (name: string) => boolean,
    private readonly make: () => T,
  ) {
    this.other = make();
  }

  /** Each under its name, and what stands for all others, which is the last. */
  *[Symbol.iterator](): Generator<readonly [label: string, kept: T]> {
    yield* this.places;
    yield [otherFunctions, this.other];
  }

  of(name: string): T {
    return this.places.get(name) ?? this.admitted(name);
  }

  forget(name: string): void {
    this.places.delete(name);
  }

  private admitted(name: string): T {
    if (this.places.size >= this.maxFunctions || !this.isKnown(name)) return this.other;
    const place = this.make();
    this.places.set(name, place);
    return place;
  }
}
