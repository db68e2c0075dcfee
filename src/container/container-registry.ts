import type { Clock } from '../common/time/clock.js';
import { ContainerLifecycle, type ContainerMove } from './container-state.js';

export interface RequestedContainer {
  readonly lifecycle: ContainerLifecycle;
  readonly uid: number;
}

/** Every container that is not removed yet, with the user id that it holds until then. */
export class ContainerRegistry {
  private readonly entries = new Map<string, ContainerLifecycle>();
  private readonly moveListeners: ((move: ContainerMove) => void)[] = [];
  private readonly emptyListeners: (() => void)[] = [];

  constructor(
    private readonly clock: Clock,
    private readonly uids: UidPool,
  ) {}

  get size(): number {
    return this.entries.size;
  }

  get leaked(): number {
    return this.all().filter(({ state }) => state === 'leaked').length;
  }

  get uidsInUse(): number {
    return this.uids.inUse;
  }

  has(name: string): boolean {
    return this.entries.has(name);
  }

  /** A new container and its user id; undefined when no user id is free. */
  request(name: string): RequestedContainer | undefined {
    const uid = this.uids.take();
    return uid === undefined ? undefined : { lifecycle: this.add(name, uid, 'requested'), uid };
  }

  /** A container that the engine has and this server did not know. */
  found(name: string): ContainerLifecycle {
    return this.add(name, undefined, 'leaked');
  }

  /** Those that no launch is working on. */
  settled(): ContainerLifecycle[] {
    return this.all().filter(({ state }) => state === 'started' || state === 'leaked');
  }

  /** Resolves when nothing is left. */
  emptied(): Promise<void> {
    if (this.size === 0) return Promise.resolve();
    return new Promise((resolve) => this.emptyListeners.push(resolve));
  }

  onMove(listener: (move: ContainerMove) => void): void {
    this.moveListeners.push(listener);
  }

  private all(): ContainerLifecycle[] {
    return [...this.entries.values()];
  }

  private add(name: string, uid: number | undefined, state: 'requested' | 'leaked'): ContainerLifecycle {
    const onMove = (move: ContainerMove) => {
      this.moved(move, uid);
    };
    const lifecycle = new ContainerLifecycle(name, this.clock, onMove, state);
    this.entries.set(name, lifecycle);
    return lifecycle;
  }

  private moved(move: ContainerMove, uid: number | undefined): void {
    if (move.to === 'removed') {
      this.entries.delete(move.name);
      // Only now may the user id serve another container.
      if (uid !== undefined) this.uids.free(uid);
      if (this.size === 0) for (const resolve of this.emptyListeners.splice(0)) resolve();
    }
    for (const listener of this.moveListeners) listener(move);
  }
}

/**
 * User ids for containers, each held by one container at a time: the kernel counts several limits by user over all
 * containers, so two that shared one could starve each other. A freed id is used again as late as possible.
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

  /** The id to start with; servers that share a range should start with different ones. */
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
