import type { DatabaseSync } from 'node:sqlite';
import { storageErrorOf } from './sqlite-error.js';
import { Statements } from './statements.js';

/** One change, and who waits for it. */
interface Change {
  readonly work: () => unknown;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** Changes that share one write to the disk, at most: those behind them do not wait for ever. */
const mostChanges = 512;

/**
 * Changes that come at the same time share one transaction, and so one wait for the disk. Each happens whole or not at all,
 * and resolves when the transaction is on the disk. One that fails is left out, and the others happen without it.
 */
export class GroupCommit {
  private waiting: Change[] = [];
  private isPlanned = false;
  private readonly statements: Statements;

  /** `prelude` runs first in each transaction. */
  constructor(
    private readonly database: DatabaseSync,
    private readonly prelude: () => void,
  ) {
    this.statements = new Statements(database);
  }

  run<T>(work: () => T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.waiting.push({ work, resolve: resolve as (value: unknown) => void, reject });
      this.plan();
    });
  }

  /** Commits everything that waits. */
  flush(): void {
    while (this.waiting.length > 0) this.commit(this.waiting.splice(0, mostChanges));
  }

  /** After everything that has arrived by then, so that it goes together. */
  private plan(): void {
    if (this.isPlanned) return;
    this.isPlanned = true;
    setImmediate(() => {
      this.isPlanned = false;
      this.commit(this.waiting.splice(0, mostChanges));
      if (this.waiting.length > 0) this.plan();
    });
  }

  private commit(changes: readonly Change[]): void {
    let left = changes;
    while (left.length > 0) {
      const failed = this.attempt(left);
      left = failed ? left.filter((change) => change !== failed) : [];
    }
  }

  /** Settles all of them and returns nothing, or rejects the one that failed and returns it: then nothing has happened. */
  private attempt(changes: readonly Change[]): Change | undefined {
    let running: Change | undefined;
    try {
      this.statements.run('BEGIN IMMEDIATE');
      this.prelude();
      const values = changes.map((change) => {
        running = change;
        return change.work();
      });
      running = undefined;
      this.statements.run('COMMIT');
      for (const [index, { resolve }] of changes.entries()) resolve(values[index]);
    } catch (error) {
      this.undo();
      const reason = storageErrorOf(error);
      // Neither begun nor committed: that is nobody's own fault.
      for (const { reject } of running ? [running] : changes) reject(reason);
    }
    return running;
  }

  private undo(): void {
    // SQLite has already rolled back by itself after some failures, a full disk among them.
    if (this.database.isTransaction) this.database.exec('ROLLBACK');
  }
}
