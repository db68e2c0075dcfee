import { DomainError } from '../common/errors/domain-error.js';
import { faultOf } from '../common/errors/error-codes.js';

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

/** What is kept of a function after this outcome: what could not be told leaves what was known before. */
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
