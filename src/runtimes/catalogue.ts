import { type ProcessEnd, type Runtime, type RuntimeName, runtimeNames } from './runtime.js';
import type { RuntimesSettings } from './runtimes.settings.js';

/**
 * Where things are in the image, which `scripts/worker-image` and `docker/worker` make. The first process is one that
 * reaps: what a function's children leave behind would otherwise stay for as long as the container does, until no process
 * can start.
 */
const initPath = '/usr/local/bin/tini';
const nodePath = '/usr/local/bin/node';
const workerPath = '/runtime/worker/main.js';

/** Share of the container's memory for V8's old space: a full heap then ends with V8's message, not with a silent kill. */
const heapShare = 0.75;

/** V8 aborts on a full heap; depending on where, that is SIGABRT, SIGTRAP or SIGSEGV seen from outside. */
const heapAbortExitCodes = [133, 134, 139];
const heapAbortWords = /heap out of memory|Reached heap limit|Fatal process out of memory/;

/** A release line of Node.js. What is written here holds for all of them. */
export function nodeRuntime(name: RuntimeName): Runtime {
  return Object.freeze({
    name,
    command: (memoryMiB: number) => [
      ...[initPath, '--', nodePath],
      `--max-old-space-size=${Math.floor(memoryMiB * heapShare)}`,
      workerPath,
    ],
    environment: Object.freeze({ HOME: '/tmp', NODE_ENV: 'production' }),
    reservedVariables: Object.freeze([
      ...['NODE_OPTIONS', 'NODE_PATH', 'NODE_EXTRA_CA_CERTS'],
      ...['LD_PRELOAD', 'LD_AUDIT', 'LD_LIBRARY_PATH'],
    ]),
    endedForMemory: ({ exitCode, lastOutput }: ProcessEnd) =>
      exitCode !== undefined && heapAbortExitCodes.includes(exitCode) && heapAbortWords.test(lastOutput),
  });
}

const catalogue: Readonly<Record<RuntimeName, Runtime>> = {
  'nodejs22.x': nodeRuntime('nodejs22.x'),
  'nodejs24.x': nodeRuntime('nodejs24.x'),
  'nodejs26.x': nodeRuntime('nodejs26.x'),
};

/** All runtimes, in the order of their names. */
export const runtimes: readonly Runtime[] = runtimeNames.map(runtimeOf);

export function runtimeOf(name: RuntimeName): Runtime {
  return catalogue[name];
}

/** What a container of the runtime is made to run. */
export interface RuntimeProgram {
  readonly runtime: RuntimeName;
  readonly image: string;
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

export function programOf(runtime: Runtime, memoryMiB: number, images: RuntimesSettings): RuntimeProgram {
  const { name, command, environment } = runtime;
  return { runtime: name, image: images[name], command: command(memoryMiB), environment };
}
