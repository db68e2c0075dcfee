import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

export type RuntimeName = 'crun' | 'runc' | 'runsc';

/**
 * What this machine has under a runtime's name: one that can be used, none, or one that cannot, with the reason as the
 * end of a sentence.
 */
export type FoundRuntime =
  | { readonly name: RuntimeName; readonly version: string }
  | { readonly name: RuntimeName; readonly problem: 'is missing' }
  | { readonly name: RuntimeName; readonly problem: `is unusable: ${string}` };

interface Rule {
  /** Numbers, or the day of a release. */
  readonly version: RegExp;
  /** On older ones the walls are not proven. */
  readonly oldest: string;
  /** What else it has to say of itself. */
  readonly part?: { readonly shownBy: RegExp; readonly name: string };
}

const rules: Readonly<Record<RuntimeName, Rule>> = {
  // Before 0.18 it overlooks a compiled filter, and one that was built without seccomp overlooks every filter.
  crun: {
    version: /^crun version (\d+(?:\.\d+)+)/m,
    oldest: '1.8',
    part: { shownBy: /\+SECCOMP\b/, name: 'seccomp' },
  },
  // Before 1.0 it refuses system calls that it does not know with EPERM, and C libraries do not fall back.
  runc: {
    version: /^runc version (\d+(?:\.\d+)+)/m,
    oldest: '1.1',
    part: { shownBy: /^libseccomp:/m, name: 'seccomp' },
  },
  // Before, it does not know the option for sockets of the host.
  runsc: { version: /^runsc version \D*(?:0\.0~)?(\d{8}(?:\.\d+)?)/m, oldest: '20221219' },
};

const limits = { killSignal: 'SIGKILL' as const, maxBuffer: 64 * 1024 };
const longestMs = 10_000;

/** Asks the program of this name, wherever the launcher will find it. Never rejects. */
export async function lookForRuntime(
  name: RuntimeName,
  path: string,
  withinMs = longestMs,
): Promise<FoundRuntime> {
  try {
    const { stdout } = await run(name, ['--version'], {
      ...limits,
      timeout: withinMs,
      env: { PATH: path },
    });
    return judgeRuntime(name, stdout);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT'
      ? { name, problem: 'is missing' }
      : { name, problem: 'is unusable: it does not tell its version' };
  }
}

/** By what it says of itself. */
export function judgeRuntime(name: RuntimeName, said: string): FoundRuntime {
  const { version: pattern, oldest, part } = rules[name];
  const [, version] = pattern.exec(said) ?? [];
  if (version === undefined) return { name, problem: 'is unusable: it does not tell its version' };
  if (isOlder(version, oldest))
    return { name, problem: `is unusable: it is version ${version}, and has to be ${oldest} or newer` };
  if (part && !part.shownBy.test(said))
    return { name, problem: `is unusable: it was built without ${part.name}` };
  return { name, version };
}

function isOlder(version: string, than: string): boolean {
  const numbers = version.split('.').map(Number);
  const least = than.split('.').map(Number);
  const differing = least.findIndex((number, index) => number !== (numbers[index] ?? 0));
  return differing >= 0 && (numbers[differing] ?? 0) < (least[differing] ?? 0);
}
