import type { Clock } from '../common/time/clock.js';

/**
 * A container as the engine sees it. `leaked` is one that could not be removed, or that an earlier server left behind:
 * the reaper tries until it is gone.
 */
export type ContainerState =
  'requested' | 'creating' | 'created' | 'starting' | 'started' | 'removing' | 'removed' | 'leaked';

/**
 * Every legal move. A create or start that failed may have succeeded all the same, so each leads to a removal; what the
 * engine was never asked for needs none.
 */
const movesFrom: Readonly<Record<ContainerState, readonly ContainerState[]>> = {
  requested: ['creating', 'removed'],
  creating: ['created', 'removing'],
  created: ['starting', 'removing'],
  starting: ['started', 'removing'],
  started: ['removing'],
  removing: ['removed', 'leaked'],
  leaked: ['removing'],
  removed: [],
};

export interface ContainerMove {
  readonly name: string;
  readonly from: ContainerState;
  readonly to: ContainerState;
  /** How long the container was in `from`, in milliseconds. */
  readonly afterMs: number;
  /** Why it leaked; undefined for other moves. */
  readonly cause: unknown;
}

/** One container's state and the only way to change it. Metrics and logs observe every move. */
export class ContainerLifecycle {
  private sinceMs: number;

  constructor(
    readonly name: string,
    private readonly clock: Clock,
    private readonly onMove: (move: ContainerMove) => void,
    private current: ContainerState = 'requested',
  ) {
    this.sinceMs = clock.monotonicMs();
  }

  get state(): ContainerState {
    return this.current;
  }

  /** Throws on a move that the table does not have: that is a defect of this server, never of a function. */
  move(to: ContainerState, cause?: unknown): void {
    const from = this.current;
    if (!movesFrom[from].includes(to)) throw new Error(`A container cannot go from ${from} to ${to}.`);
    const nowMs = this.clock.monotonicMs();
    const afterMs = nowMs - this.sinceMs;
    this.current = to;
    this.sinceMs = nowMs;
    this.onMove({ name: this.name, from, to, afterMs, cause });
  }
}
