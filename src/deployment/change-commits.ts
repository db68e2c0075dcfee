import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DomainError } from '../common/errors/domain-error.js';
import { Log } from '../common/log/log.js';
import { Clock, type CancelTimer } from '../common/time/clock.js';
import { withDeadline } from '../common/time/cancellation.js';
import { ChangeFeed, changeTo, deletionOf } from '../functions/change-feed.js';
import { functionExists, type DeployedFunction } from '../functions/function.js';
import { FunctionStore, type ChangeOutcome } from '../functions/store/function-store.js';

/** Longest wait of a client for the outcome of its change. */
const answerWithinMs = 10_000;

/** How often the store is asked. */
const askEveryMs = 500;

/** What to do once it is certain whether a change was made: one of the two is called, once. Neither rejects. */
export interface Consequences {
  readonly made?: () => Promise<void>;
  readonly notMade?: () => Promise<void>;
}

interface Commit {
  readonly write: () => Promise<ChangeOutcome>;
  /** Asks the store whether the change was made, if `write` could not tell. */
  readonly wasMade: () => Promise<boolean>;
  readonly consequences: Required<Consequences>;
}

/**
 * Records changes and publishes those that were made. While the store cannot tell the outcome of a change, nothing is
 * undone: code stays on the disk, and the client waits, for a limited time, for the true outcome.
 */
@Injectable()
export class ChangeCommits {
  private readonly timers = new Set<CancelTimer>();

  constructor(
    private readonly store: FunctionStore,
    private readonly feed: ChangeFeed,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /** Rejects with `FUNCTION_EXISTS`, as the store does, or with `STORAGE_UNAVAILABLE` while the outcome is unknown. */
  async insert(deployed: DeployedFunction, consequences: Consequences): Promise<void> {
    const commit: Commit = {
      write: () => this.store.insert(deployed),
      wasMade: async () => (await this.store.find(deployed.id)) !== undefined,
      consequences: this.announcing(() => changeTo(deployed), consequences),
    };
    if ((await this.run(commit)) === 'done') return;
    await commit.consequences.notMade();
    throw functionExists(deployed.name);
  }

  /**
   * `next` follows the revision that `current` has. On a conflict neither consequence is called: the caller tries
   * again or gives up. Rejects as `insert` does.
   */
  replace(
    current: DeployedFunction,
    next: DeployedFunction,
    forgets: readonly string[],
    consequences: Consequences,
  ): Promise<'done' | 'conflict'> {
    const changeId = randomUUID();
    return this.run({
      write: () => this.store.replace({ next, replaces: current.revision, changeId, forgets }),
      wasMade: () => this.store.hasChange(next.id, changeId),
      consequences: this.announcing(() => changeTo(next), consequences),
    });
  }

  /** As `replace`. */
  remove(deployed: DeployedFunction, consequences: Consequences): Promise<'done' | 'conflict'> {
    return this.run({
      write: () => this.store.remove(deployed),
      wasMade: async () => (await this.store.find(deployed.id)) === undefined,
      consequences: this.announcing(() => deletionOf(deployed), consequences),
    });
  }

  /** Stops asking: the next start reads the store, and keeps the code that is recorded there. */
  close(): void {
    for (const cancel of this.timers) cancel();
    this.timers.clear();
  }

  private announcing(
    change: () => Parameters<ChangeFeed['publish']>[0],
    { made, notMade }: Consequences,
  ): Required<Consequences> {
    return {
      made: async () => {
        this.feed.publish(change());
        await made?.();
      },
      notMade: async () => {
        await notMade?.();
      },
    };
  }

  private async run(commit: Commit): Promise<'done' | 'conflict'> {
    const outcome = await commit.write().catch(async (error: unknown) => {
      await commit.consequences.notMade();
      throw error;
    });
    if (outcome === 'unknown') {
      const withinMs = answerWithinMs;
      return withDeadline(this.clock, this.settle(commit), { withinMs, onTimeout: notKnown });
    }
    if (outcome === 'done') await commit.consequences.made();
    return outcome;
  }

  /** Continues after the client has its answer, until the store can tell. */
  private async settle({ wasMade, consequences }: Commit): Promise<'done'> {
    this.log.warn({}, 'the answer to a commit was lost; asking the database what became of it');
    for (;;) {
      const made = await wasMade().catch(() => undefined);
      if (made === true) {
        await consequences.made();
        return 'done';
      }
      if (made === false) {
        await consequences.notMade();
        throw notMade();
      }
      await this.pause();
    }
  }

  private pause(): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.clock.schedule(askEveryMs, () => {
        this.timers.delete(cancel);
        resolve();
      });
      this.timers.add(cancel);
    });
  }
}

function notMade(): DomainError {
  return new DomainError(
    'STORAGE_UNAVAILABLE',
    "The server's database failed while the change was saved; nothing was changed. Send it again.",
    { retryAfterMs: 1000 },
  );
}

function notKnown(): DomainError {
  return new DomainError(
    'STORAGE_UNAVAILABLE',
    "The server's database failed while the change was saved, and does not say yet whether it was. Look at the function before you send it again.",
    { retryAfterMs: answerWithinMs },
  );
}

/** After so many conflicts in a row the change gives up. */
const attempts = 3;

/** Tries again when another change came first; `attempt` resolves to undefined on a conflict. Rejects with `OVERLOADED` in the end. */
export async function withAttempts<T>(attempt: () => Promise<T | undefined>): Promise<T> {
  for (let count = 1; count <= attempts; count += 1) {
    const result = await attempt();
    if (result !== undefined) return result;
  }
  throw new DomainError(
    'OVERLOADED',
    'Others are changing this function at the same time; send your change again shortly.',
    { retryAfterMs: 1000 },
  );
}
