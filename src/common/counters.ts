import type { ErrorCode } from './errors/error-codes.js';

/** How often each of a few things has happened since the server's start. Only grows. */
export class LabelledCounter<K extends string> {
  private readonly counts = new Map<K, number>();

  add(what: K): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + 1);
  }

  /** Without those that never happened. */
  get byKind(): Readonly<Partial<Record<K, number>>> {
    return Object.fromEntries(this.counts) as Partial<Record<K, number>>;
  }
}

/** Requests answered with an error, by its code: whoever answers adds, whoever measures reads. */
export class ErrorCounter extends LabelledCounter<ErrorCode> {}

/** The rate limits there are. */
export type RateLimitKind = 'management' | 'invocations' | 'failures' | 'functions';

/** Requests denied for coming too often, by the limit they exceeded. */
export class RateLimitDenials extends LabelledCounter<RateLimitKind> {}

/** Who was denied: a caller with a valid key, or a stranger. */
export type DeniedKind = 'key' | 'stranger';

/** Denials that the audit log leaves out because there are too many. */
export class UnauditedDenials extends LabelledCounter<DeniedKind> {}
