import { Injectable } from '@nestjs/common';
import { DomainError } from '../common/errors/domain-error.js';
import { faultOf } from '../common/errors/error-codes.js';
import { Log } from '../common/log/log.js';
import { FunctionRegistry } from './function-registry.js';
import type { DeployedFunction } from './function.js';
import { FunctionStore } from './store/function-store.js';

/** What trying to load a function's code has shown; `unknown`: it could not be tried to the end. */
export type LoadOutcome =
  | { readonly kind: 'loads' }
  | { readonly kind: 'fails'; readonly reason: string }
  | { readonly kind: 'unknown'; readonly reason: string }
  | { readonly kind: 'untried' };

export const loads: LoadOutcome = { kind: 'loads' };
export const untried: LoadOutcome = { kind: 'untried' };

/** Of a reason that is kept: what a function throws may be a book. */
const maxReasonLength = 1024;

/** The outcome of a load that was rejected with this. */
export function outcomeOfFailure(error: unknown): LoadOutcome {
  if (!(error instanceof DomainError))
    return { kind: 'unknown', reason: 'The server failed; its log says more.' };
  if (faultOf(error.code) !== 'function') return { kind: 'unknown', reason: error.message };
  return { kind: 'fails', reason: reasonOf(error).slice(0, maxReasonLength) };
}

/** What is kept of a function after this outcome: an inconclusive one keeps what was known before. */
export function loadFailureAfter(outcome: LoadOutcome, before: string | null): string | null {
  switch (outcome.kind) {
    case 'loads':
      return null;
    case 'fails':
      return outcome.reason;
    case 'unknown':
    case 'untried':
      return before;
    default:
      return outcome satisfies never;
  }
}

/** For whoever made the change. */
export function warningsOf(outcome: LoadOutcome): readonly string[] {
  if (outcome.kind === 'fails') return [`The code does not load, so calls will fail. ${outcome.reason}`];
  if (outcome.kind === 'unknown') return [`Whether the code loads could not be checked. ${outcome.reason}`];
  return [];
}

/** What the code threw, or what the server saw of it. */
function reasonOf({ message, details: { errorType, errorMessage } }: DomainError): string {
  return errorMessage === undefined ? message : `${errorType ?? 'Error'}: ${errorMessage}`;
}

/**
 * Whether each function's code loaded when it was last tried: reported by whoever loads it, for a deployment, for a call or
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

  /** Resolves when everything reported is on the disk, or could not be written. */
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
