/** Runs a load in a process of its own, pinned to one core where the machine can do that. */
import { execFile } from 'node:child_process';
import os from 'node:os';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { projectNode } from '../../../scripts/setup/project.mjs';
import type { LoadResult } from './tally.js';

interface Calls {
  readonly port: number;
  readonly path: string;
  readonly body: string;
  /** Beside those that every call has. */
  readonly headers?: Readonly<Record<string, string>>;
  /** What the body of every good answer holds. */
  readonly expectedText: string;
  /** Opened before the first call. */
  readonly connections: number;
}
export type ClosedLoad = Calls & { kind: 'closed'; durationMs: number; calls: number; warmUpMs: number };
export type OpenLoad = Calls & { kind: 'open'; durationMs: number; perSecond: number };
export type Load = ClosedLoad | OpenLoad;

const GENERATOR = fileURLToPath(new URL('generator.ts', import.meta.url));
/** Resolves and strips the types of what the generator is made of. */
const TYPESCRIPT = fileURLToPath(new URL('../../support/typescript.mjs', import.meta.url));
const LARGEST_RESULT_BYTES = 256 * 1024 * 1024;
const run = promisify(execFile);

/** The last core: interrupts and the system's own services tend to be on the first. */
const generatorCore = os.cpus().length - 1;
let pinning: Promise<boolean> | undefined;

/** How the generator is kept from disturbing what it measures, for the report. */
export async function describeGenerator() {
  return (await canPin())
    ? `a process of its own, pinned to core ${generatorCore} with taskset`
    : 'a process of its own, not pinned';
}

export async function runLoad(load: Load, signal: AbortSignal): Promise<LoadResult> {
  const command = [projectNode(), '--import', TYPESCRIPT, GENERATOR, JSON.stringify(load)];
  const pinned = (await canPin()) ? ['taskset', '-c', String(generatorCore), ...command] : command;
  const [program = '', ...args] = pinned;
  const { stdout } = await run(program, args, { signal, maxBuffer: LARGEST_RESULT_BYTES });
  return JSON.parse(stdout) as LoadResult;
}

const UNLIMITED = 1_000_000_000;

/** Each connection sends its next call when the last one is answered; ends at whichever limit comes first. */
export function closed({
  durationMs = UNLIMITED,
  calls = UNLIMITED,
  warmUpMs = 0,
  ...rest
}: Calls & { durationMs?: number; calls?: number; warmUpMs?: number }): ClosedLoad {
  return { kind: 'closed', durationMs, calls, warmUpMs, ...rest };
}

/** Calls are sent when they are due, however long earlier ones take. */
export function open(load: Calls & { durationMs: number; perSecond: number }): OpenLoad {
  return { kind: 'open', ...load };
}

function canPin() {
  pinning ??= run('taskset', ['-c', String(generatorCore), 'true']).then(
    () => true,
    () => false,
  );
  return pinning;
}
