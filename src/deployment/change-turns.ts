import { Inject, Injectable } from '@nestjs/common';
import { DomainError } from '../common/errors/domain-error.js';
import { SharedBudget } from '../common/budgets/shared-budget.js';
import { shareOf, fairShareSettings, type FairShareSettings } from '../common/budgets/fair-share.settings.js';
import type { FunctionName } from '../functions/function-name.js';
import { nobodyInParticular, type Changer } from './changer.js';
import { deploymentSettings, type DeploymentSettings } from './deployment.settings.js';

/** How long a change that is turned away should wait: about the time that one change takes. */
const retryAfterMs = 1000;

interface Line {
  /** Changes that are made or wait. */
  readonly changes: SharedBudget;
  last: Promise<unknown>;
}

/**
 * Lets the changes of one function (deploy, replace, delete) happen one after the other, in the order in which they
 * came; those of different functions do not know of each other. Of a function's turns each key has its share.
 */
@Injectable()
export class ChangeTurns {
  private readonly lines = new Map<FunctionName, Line>();

  /** One is made while the others wait. */
  private readonly most: number;

  constructor(
    @Inject(deploymentSettings.config.KEY) { queuedChanges }: DeploymentSettings,
    @Inject(fairShareSettings.config.KEY) private readonly shares: FairShareSettings,
  ) {
    this.most = queuedChanges + 1;
  }

  /**
   * Does `change` in its turn. Rejects as it does, or with `OVERLOADED` when too many changes wait already, and with
   * `RATE_LIMITED` when too many of this key do.
   */
  async take<T>(
    name: FunctionName,
    change: () => Promise<T>,
    { keyId }: Changer = nobodyInParticular,
  ): Promise<T> {
    const line = this.lineOf(name);
    const shortage = line.changes.take(keyId);
    if (shortage !== undefined) throw shortage === 'share' ? tooManyOfKey() : tooMany();
    const turn = line.last.then(change);
    line.last = turn.catch(() => undefined);
    try {
      return await turn;
    } finally {
      line.changes.giveBack(keyId);
      if (line.changes.used === 0) this.lines.delete(name);
    }
  }

  private lineOf(name: FunctionName): Line {
    let line = this.lines.get(name);
    if (!line) {
      const share = shareOf(this.most, this.shares.keyPercent);
      line = { changes: new SharedBudget({ total: this.most, share }), last: Promise.resolve() };
      this.lines.set(name, line);
    }
    return line;
  }
}

function tooMany(): DomainError {
  return new DomainError(
    'OVERLOADED',
    'Too many changes of this function wait already; send this one again shortly.',
    { retryAfterMs },
  );
}

function tooManyOfKey(): DomainError {
  return new DomainError(
    'RATE_LIMITED',
    'As many changes of this function with your key wait as may; send this one when another has ended.',
    { retryAfterMs },
  );
}
