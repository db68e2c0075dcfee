import { Inject, Injectable } from '@nestjs/common';
import { DomainError } from '../common/errors/domain-error.js';
import type { FunctionName } from './function-name.js';
import { functionsSettings, type FunctionsSettings } from './functions.settings.js';

/** How long a change that is turned away should wait: about the time that one change takes. */
const retryAfterMs = 1000;

interface Line {
  changes: number;
  last: Promise<unknown>;
}

/**
 * Lets the changes of one function (deploy, replace, delete) happen one after the other, in the order in which they
 * came; those of different functions do not know of each other.
 */
@Injectable()
export class ChangeTurns {
  private readonly lines = new Map<FunctionName, Line>();

  constructor(@Inject(functionsSettings.config.KEY) private readonly settings: FunctionsSettings) {}

  /** Does `change` in its turn. Rejects as it does, or with `OVERLOADED` when too many changes wait already. */
  async take<T>(name: FunctionName, change: () => Promise<T>): Promise<T> {
    const line = this.lineOf(name);
    if (line.changes > this.settings.queuedChanges) {
      throw new DomainError(
        'OVERLOADED',
        'Too many changes of this function wait already; send this one again shortly.',
        { retryAfterMs },
      );
    }
    line.changes += 1;
    const turn = line.last.then(change);
    line.last = turn.catch(() => undefined);
    try {
      return await turn;
    } finally {
      line.changes -= 1;
      if (line.changes === 0) this.lines.delete(name);
    }
  }

  private lineOf(name: FunctionName): Line {
    let line = this.lines.get(name);
    if (!line) {
      line = { changes: 0, last: Promise.resolve() };
      this.lines.set(name, line);
    }
    return line;
  }
}
