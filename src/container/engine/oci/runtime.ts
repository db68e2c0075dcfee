import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { readEnvironment } from '../../../common/settings/settings.js';
import { UnusableEngine } from '../container-engine.js';

const run = promisify(execFile);

export type RuntimeName = 'crun' | 'runc' | 'runsc';

/** A runtime of this machine. */
export interface OciRuntime {
  readonly name: RuntimeName;
  readonly version: string;
}

const versionPatterns: Readonly<Record<RuntimeName, RegExp>> = {
  crun: /^crun version (\d+)\.(\d+)/m,
  runc: /^runc version (\d+)\.(\d+)/m,
  runsc: /^runsc version (\S+)/m,
};

/** For a busy machine; one that never answers is none. */
const versionTimeoutMs = 10_000;
const versionLimits = { killSignal: 'SIGKILL' as const, maxBuffer: 64 * 1024 };

/** The one that was asked for, or else the first of these that there is. */
export async function findRuntime(
  wanted: '' | RuntimeName,
  withinMs = versionTimeoutMs,
): Promise<OciRuntime> {
  const names: readonly RuntimeName[] = wanted === '' ? ['crun', 'runc'] : [wanted];
  for (const name of names) {
    const version = await versionOf(name, withinMs);
    if (version !== undefined) return { name, version };
  }
  const missing = names.join(' and no ');
  throw new UnusableEngine(
    `GLAMBDAR_ENGINE is oci, and this machine has no ${missing} that works. Install one (apt-get install ${names[0]}), or unset GLAMBDAR_ENGINE to use Docker.`,
  );
}

/** Undefined where there is no such program, or it is another. */
async function versionOf(name: RuntimeName, withinMs: number): Promise<string | undefined> {
  try {
    const { stdout } = await run(name, ['--version'], {
      ...versionLimits,
      timeout: withinMs,
      // Where it may find what it needs, and nothing else of the server's own.
      env: { PATH: readEnvironment()['PATH'] ?? '' },
    });
    const [, ...numbers] = versionPatterns[name].exec(stdout) ?? [];
    return numbers.length > 0 ? numbers.join('.') : undefined;
  } catch {
    return undefined;
  }
}

export interface RuntimeCall {
  readonly runtime: RuntimeName;
  readonly container: string;
  readonly bundle: string;
  readonly state: string;
  readonly pidFile: string;
  readonly log: string;
}

/** gVisor: no network that is not its own, sockets of the host that are mounted may be connected to, no special hardware. */
const runscOptions = ['--network=none', '--host-uds=open', '--platform=ptrace'];

/** The words of a command; `run` stays until the container has ended and gives its exit code. */
export function runtimeCommand(
  verb: 'run' | 'create',
  { runtime, container, bundle, state, pidFile, log }: RuntimeCall,
): readonly string[] {
  const options = runtime === 'runsc' ? runscOptions : [];
  return [
    ...[runtime, '--root', state, '--log', log, ...options],
    ...[verb, '--bundle', bundle, '--pid-file', pidFile, container],
  ];
}
