import { Injectable } from '@nestjs/common';
import { Log } from '../common/log/log.js';
import { FunctionRegistry } from './function-registry.js';
import type { DeployedFunction } from './function.js';
import { loadFailureAfter, type LoadOutcome } from './load-outcome.js';
import { FunctionStore } from './store/function-store.js';

/**
 * Whether each function's code loaded when it was last tried: told by whoever loads it, for a deployment, for a call or
 * ahead of one. Only what differs from what was known is written, behind the caller's back and one after the other.
 */
@Injectable()
export class LoadOutcomes {
  /** By id of the function: its newest outcome that is not on the disk yet. */
  private readonly unwritten = new Map<string, DeployedFunction>();
  private writing: Promise<void> = Promise.resolve();
  private isWriting = false;

  constructor(
    private readonly registry: FunctionRegistry,
    private readonly store: FunctionStore,
    private readonly log: Log,
  ) {}

  /** An outcome of a revision that is not the function's, not yet or no longer, says nothing of it. */
  tell({ name, id, revision }: DeployedFunction, outcome: LoadOutcome): void {
    const known = this.registry.find(name);
    if (known?.id !== id || known.revision !== revision) return;
    const loadFailure = loadFailureAfter(outcome, known.loadFailure);
    if (loadFailure === known.loadFailure) return;
    this.registry.markLoaded(known, loadFailure);
    if (loadFailure === null) this.log.info({ function: name }, 'the code of a function loads again');
    else this.log.warn({ function: name, reason: loadFailure }, 'the code of a function does not load');
    this.unwritten.set(id, { ...known, loadFailure });
    if (!this.isWriting) this.writing = this.writeAll();
  }

  /** Resolves when all that was told is on the disk, or could not be written. */
  written(): Promise<void> {
    return this.writing;
  }

  private async writeAll(): Promise<void> {
    this.isWriting = true;
    for (const [id, { name, revision, loadFailure }] of this.unwritten) {
      this.unwritten.delete(id);
      try {
        await this.store.recordLoad(id, revision, loadFailure);
      } catch (error) {
        this.log.warn(
          { err: error, function: name },
          'whether the code of a function loads could not be written',
        );
      }
    }
    this.isWriting = false;
  }
}
