import { Injectable } from '@nestjs/common';
import { Catalogue } from '../functions/catalogue.js';
import type { FunctionName } from '../functions/function-name.js';
import { FunctionRegistry } from '../functions/function-registry.js';
import type { DeployedFunction } from '../functions/function.js';
import { loadFailureAfter, warningsOf } from '../functions/load-outcomes.js';
import { ChangeCommits, withAttempts } from './change-commits.js';
import type { Changer } from './changer.js';
import { FunctionLock } from './function-lock.js';
import { LoadVerifier } from './load-verifier.js';

/** The function after the change. Its id, name and counts stay; its revision is incremented here. */
export type FunctionEdit = (current: DeployedFunction) => DeployedFunction | Promise<DeployedFunction>;

/** The outcome of a change. */
export interface Replacement {
  readonly before: DeployedFunction;
  readonly after: DeployedFunction;
  /** Tells whoever made the change that calls will probably fail, or that this could not be checked. */
  readonly warnings: readonly string[];
}

export interface ReplacementOptions {
  /** Refuse what does not load, with `CANDIDATE_NOT_LOADABLE`; the function then goes on as it is. */
  readonly mustLoad: boolean;
  readonly by?: Changer;
}

/** How a replacement that publishes code handles that code. None of these reject. */
export interface CodeOfReplacement {
  /** Ids of the versions to drop when `edited` is recorded. */
  readonly forgets: (edited: DeployedFunction) => Promise<readonly string[]>;
  /** Called once it is certain that the change was made. */
  readonly made: (after: DeployedFunction, forgotten: readonly string[]) => Promise<void>;
  /** Called once it is certain that it was not. */
  readonly notMade: () => Promise<void>;
}

const noCode: CodeOfReplacement = {
  forgets: () => Promise.resolve([]),
  made: () => Promise.resolve(),
  notMade: () => Promise.resolve(),
};

/**
 * Changes a function while it is called. The new revision is provisioned, then recorded, and then becomes visible
 * to calls in one turn of the event loop: a call runs entirely on the revision it found, and calls in flight on the one
 * before. A crash leaves one or the other, because the record is one transaction.
 */
@Injectable()
export class ReplacementService {
  constructor(
    private readonly lock: FunctionLock,
    private readonly verifier: LoadVerifier,
    private readonly commits: ChangeCommits,
    private readonly registry: FunctionRegistry,
    private readonly catalogue: Catalogue,
  ) {}

  /**
   * Changes of one function run one after the other; `edit` gets the outcome of the one before, and is called again when
   * another server was faster. Rejects, and nothing has changed, as `edit` does, with `FUNCTION_NOT_FOUND`, with
   * `OVERLOADED` when too many changes wait or come first, as `ChangeCommits` does, or as `mustLoad` says.
   */
  replace(name: FunctionName, edit: FunctionEdit, options: ReplacementOptions): Promise<Replacement> {
    return this.lock.run(name, () => this.replaceLocked(name, edit, options), options.by);
  }

  /** As `replace`, for those who hold the function's lock. */
  async replaceLocked(
    name: FunctionName,
    edit: FunctionEdit,
    { mustLoad }: Pick<ReplacementOptions, 'mustLoad'>,
    code = noCode,
  ): Promise<Replacement> {
    let isCommitted = false as boolean;
    try {
      return await withAttempts(async () => {
        const current = this.registry.get(name);
        const { next, warnings } = await this.verified(current, await edit(current), mustLoad);
        const forgets = await code.forgets(next);
        isCommitted = true;
        const outcome = await this.commits.replace(current, next, forgets, {
          made: () => code.made(next, forgets),
          notMade: async () => {
            this.verifier.abandon(next);
            await code.notMade();
          },
        });
        if (outcome === 'done') return { before: current, after: this.registry.get(name), warnings };
        isCommitted = false;
        this.verifier.abandon(next);
        await this.catalogue.refresh(current);
        return undefined;
      });
    } catch (error) {
      // From here on `commits` calls it, perhaps later.
      if (!isCommitted) await code.notMade();
      throw error;
    }
  }

  private async verified(current: DeployedFunction, edited: DeployedFunction, mustLoad: boolean) {
    const candidate = { ...edited, revision: current.revision + 1 };
    const outcome = mustLoad
      ? await this.verifier.requireLoadable(candidate)
      : await this.verifier.keepReady(current, candidate);
    const { loadFailure } = this.registry.get(current.name);
    const next = { ...candidate, loadFailure: loadFailureAfter(outcome, loadFailure) };
    return { next, warnings: warningsOf(outcome) };
  }
}
