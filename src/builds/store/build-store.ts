import type { BuildStep, BuildStream } from '../build-journal.js';

/** `waiting` until its first step but the queue begins. */
export const buildStates = ['waiting', 'running', 'succeeded', 'failed'] as const;
export type BuildState = (typeof buildStates)[number];

/** One build, without its log. */
export interface BuildRecord {
  readonly id: string;
  readonly functionName: string;
  readonly state: BuildState;
  /** In the order in which they began; wall clock, milliseconds since the epoch. */
  readonly steps: readonly { readonly step: BuildStep; readonly atMs: number }[];
  readonly startedAtMs: number;
  /** Null until it has ended. */
  readonly endedAtMs: number | null;
  /** Whether packages came from the cache. */
  readonly cached: boolean;
  readonly failure: { readonly step: BuildStep; readonly message: string } | null;
  /** Lines were dropped, because the log became too long. */
  readonly isTruncated: boolean;
}

export interface BuildLine {
  /** Of the build's lines: 1 and up, without a gap. */
  readonly number: number;
  readonly atMs: number;
  readonly stream: BuildStream;
  readonly text: string;
}

export interface BuildQuery {
  /** Without it, of all functions. */
  readonly functionName?: string;
  readonly limit: number;
}

/** How much is kept; of what is too much, the builds that began first go, with their logs. None goes before it has ended. */
export interface BuildBudget {
  readonly builds: number;
  readonly buildsPerFunction: number;
  /** Of the logs together, counting `bytesBesideText` for each line. */
  readonly logBytes: number;
  /** Milliseconds since it began. */
  readonly ageMs: number;
}

/** A line costs room beside its text, so that empty lines are not free. */
const bytesBesideText = 64;

/** What a line counts, in bytes. */
export function bytesOf({ text }: Pick<BuildLine, 'text'>): number {
  return Buffer.byteLength(text) + bytesBesideText;
}

/**
 * Where builds and their logs are kept, within a budget. Their loss loses no function, so a write need not be on the disk
 * when it resolves, but survives the end of the process. Failures are `DomainError`s: `STORAGE_UNAVAILABLE`,
 * `INSUFFICIENT_STORAGE`. `test/contract/build-store.contract.ts` is the specification.
 */
export abstract class BuildStore {
  /**
   * Writes the build as it is now, and adds these lines to its log; all of it, or nothing. Then what is too much at `nowMs`
   * goes: resolves to the ids of those builds.
   */
  abstract write(build: BuildRecord, lines: readonly BuildLine[], nowMs: number): Promise<readonly string[]>;
  abstract build(id: string): Promise<BuildRecord | undefined>;
  /** The log in its order; empty where there is no such build. */
  abstract lines(id: string): Promise<readonly BuildLine[]>;
  /** Those that began last, the newest first. */
  abstract builds(query: BuildQuery): Promise<readonly BuildRecord[]>;
  abstract remove(id: string): Promise<void>;
  /** The builds of the function that have ended go; resolves to their ids. */
  abstract forget(functionName: string): Promise<readonly string[]>;
}
