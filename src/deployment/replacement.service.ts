import { Inject, Injectable } from '@nestjs/common';
import { type DeployedFunction, functionNotFound } from '../functions/function.js';
import { FunctionEvents } from '../functions/function-events.js';
import type { FunctionName } from '../functions/function-name.js';
import { FunctionRegistry } from '../functions/function-registry.js';
import { loadFailureAfter, warningsOf } from '../functions/load-outcomes.js';
import { FunctionStore } from '../functions/store/function-store.js';
import { SandboxService } from '../sandbox/sandbox.service.js';
import { Candidates } from './candidates.js';
import { ChangeTurns } from './change-turns.js';
import type { Changer } from './changer.js';

/** What the function shall be. Its id, name and counts stay, and its revision is counted up here. */
export type FunctionChange = (current: DeployedFunction) => DeployedFunction | Promise<DeployedFunction>;

/** What a change has made of a function. */
export interface Replacement {
  readonly before: DeployedFunction;
  readonly after: DeployedFunction;
  /** For whoever made the change: its calls are likely to fail, or that could not be told. */
  readonly warnings: readonly string[];
}

export interface ReplacementOptions {
  /** Refuse what does not load, with `CANDIDATE_NOT_LOADABLE`; the function then goes on as it is. */
  readonly mustLoad: boolean;
  readonly by?: Changer;
}

/**
 * Changes a function while it is called. The new revision is made ready first, then recorded, and then, in one turn of
 * the event loop, calls find it: a call runs wholly on the revision it found, those in flight on the one before. A
 * crash leaves one or the other, because the record is one transaction.
 */
@Injectable()
export class ReplacementService {
  constructor(
    private readonly turns: ChangeTurns,
    private readonly candidates: Candidates,
    private readonly store: FunctionStore,
    private readonly registry: FunctionRegistry,
    @Inject(SandboxService) private readonly sandboxes: Pick<SandboxService, 'replace'>,
    private readonly events: FunctionEvents,
  ) {}

  /**
   * Changes of one function happen one after the other; `change` sees what the one before has made. Rejects, and
   * nothing has changed, as `change` does, with `FUNCTION_NOT_FOUND`, with `OVERLOADED` when too many changes wait, as
   * the store does, or as `mustLoad` says.
   */
  replace(name: FunctionName, change: FunctionChange, options: ReplacementOptions): Promise<Replacement> {
    return this.turns.take(name, () => this.replaceInTurn(name, change, options), options.by);
  }

  /** As `replace`, for those who have the function's turn. */
  async replaceInTurn(
    name: FunctionName,
    change: FunctionChange,
    { mustLoad }: ReplacementOptions,
  ): Promise<Replacement> {
    const current = this.registry.get(name);
    const candidate = { ...(await change(current)), revision: current.revision + 1 };
    const outcome = mustLoad
      ? await this.candidates.requireLoadable(candidate)
      : await this.candidates.keepReady(current, candidate);
    const { loadFailure } = this.registry.get(name);
    const next = { ...candidate, loadFailure: loadFailureAfter(outcome, loadFailure) };
    await this.record(next);
    const before = this.registry.replace(next);
    // Nobody can have deleted it meanwhile: a deletion takes its turn as well.
    if (before) {
      this.sandboxes.replace(before, next);
      this.events.replaced(before, next);
    }
    return { before: current, after: this.registry.get(name), warnings: warningsOf(outcome) };
  }

  private async record(next: DeployedFunction): Promise<void> {
    try {
      if (!(await this.store.replace(next))) throw functionNotFound(next.name);
    } catch (error) {
      this.candidates.abandon(next);
      throw error;
    }
  }
}
