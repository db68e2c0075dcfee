import { Inject, Injectable } from '@nestjs/common';
import { KeyedLock } from '../common/concurrency/keyed-lock.js';
import { DomainError } from '../common/errors/domain-error.js';
import type { Shortage } from '../common/budgets/shared-budget.js';
import { shareOf, fairShareSettings, type FairShareSettings } from '../common/budgets/fair-share.settings.js';
import type { FunctionName } from '../functions/function-name.js';
import { nobodyInParticular, type Changer } from './changer.js';
import { deploymentSettings, type DeploymentSettings } from './deployment.settings.js';

/** When a refused client should try again: about the time that one change takes. */
const retryAfterMs = 1000;

/**
 * Runs the changes of one function (deploy, publish, configure, delete) one after the other. It saves work and is not
 * needed for correctness: when two servers change one function at once, the revision that each replaces decides.
 */
@Injectable()
export class FunctionLock {
  private readonly lock: KeyedLock<FunctionName>;

  constructor(
    @Inject(deploymentSettings.config.KEY) { queuedChanges }: DeploymentSettings,
    @Inject(fairShareSettings.config.KEY) { keyPercent }: FairShareSettings,
  ) {
    // One runs while the others wait.
    const total = queuedChanges + 1;
    this.lock = new KeyedLock({ total, share: shareOf(total, keyPercent) }, refusal);
  }

  /**
   * Rejects as `change` does, with `OVERLOADED` when too many changes of the function wait already, and with
   * `RATE_LIMITED` when too many of this key's do.
   */
  run<T>(name: FunctionName, change: () => Promise<T>, { keyId }: Changer = nobodyInParticular): Promise<T> {
    return this.lock.run(name, change, keyId);
  }
}

function refusal(shortage: Shortage): DomainError {
  return shortage === 'share'
    ? new DomainError(
        'RATE_LIMITED',
        'Your key has as many changes of this function waiting as it may; send this one again when another has ended.',
        { retryAfterMs },
      )
    : new DomainError(
        'OVERLOADED',
        'Too many changes of this function are already waiting; send this one again shortly.',
        { retryAfterMs },
      );
}
