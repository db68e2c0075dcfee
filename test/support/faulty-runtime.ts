import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * `fail`: it says something with a path in it and ends. `hang`: it never ends. `garble`: it prints bytes without
 * meaning, and says that all went well. `delay`: it takes its time. `orphan`: it is killed, and what it started goes on.
 */
export type RuntimeFault = 'none' | 'fail' | 'hang' | 'garble' | 'delay' | 'orphan';
export const runtimeFaults: readonly RuntimeFault[] = ['fail', 'hang', 'garble', 'delay', 'orphan'];

/** By which a launcher is known. */
const launcherProgram = 'launcher.js';

/** A runtime that fails as a test tells it to, and else is the real one; it stands first on the `PATH` of a server. */
export class FaultyRuntime {
  private readonly faultFile: string;
  private readonly programs: string;

  constructor(
    directory: string,
    private readonly runtime: 'crun' | 'runc' | 'runsc' = 'crun',
  ) {
    this.programs = join(directory, 'programs');
    this.faultFile = join(directory, 'fault');
    mkdirSync(this.programs);
    const real = execFileSync('which', [runtime], { encoding: 'utf8' }).trim();
    writeFileSync(join(this.programs, runtime), scriptAround(real, this.faultFile));
    chmodSync(join(this.programs, runtime), 0o755);
    this.fail('none');
  }

  /** What a server's environment needs, so that all containers are made by it. */
  get environment(): Readonly<Record<string, string>> {
    return { ...this.amongOthers, GLAMBDAR_OCI_RUNTIME: this.runtime };
  }

  /** What it needs, so that those are that ask for it. */
  get amongOthers(): Readonly<Record<string, string>> {
    return { PATH: `${this.programs}:${process.env['PATH'] ?? ''}` };
  }

  /** From now on, of whatever the server asks of it. */
  fail(fault: RuntimeFault): void {
    writeFileSync(this.faultFile, fault);
  }

  remove(): void {
    rmSync(this.programs, { recursive: true });
    rmSync(this.faultFile);
  }
}

function scriptAround(real: string, faultFile: string): string {
  return `#!/bin/sh
read -r fault < ${faultFile} || true
case "$fault" in
  fail) echo 'cannot open /var/lib/hidden/container 0123456789ab: no such file' >&2; exit 1 ;;
  hang) exec tail -f /dev/null ;;
  garble) head -c 262144 /dev/urandom; head -c 262144 /dev/urandom >&2; exit 0 ;;
  delay) sleep 0.7 ;;
  orphan) ${real} "$@" & kill -KILL $$ ;;
esac
exec ${real} "$@"
`;
}

/** The launchers of a server: processes below it with their program. */
export function launchersOf(serverPid: number): number[] {
  const parents = new Map(readdirSync('/proc').flatMap((name) => parentOf(name)));
  const launchers = [...parents.keys()].filter((pid) => isBelow(pid, serverPid, parents) && isLauncher(pid));
  // What a launcher starts is a copy of itself at first.
  return launchers.filter((pid) => !launchers.includes(parents.get(pid) ?? 0));
}

function parentOf(name: string): [number, number][] {
  if (!/^\d+$/.test(name)) return [];
  const parent = /^PPid:\s+(\d+)$/m.exec(readOrEmpty(`/proc/${name}/status`))?.[1];
  return parent === undefined ? [] : [[Number(name), Number(parent)]];
}

function isBelow(pid: number, ancestor: number, parents: ReadonlyMap<number, number>): boolean {
  const parent = parents.get(pid) ?? 0;
  return parent === ancestor || (parent > 1 && isBelow(parent, ancestor, parents));
}

/** Its own parents name its program, too: the first word tells them apart. */
function isLauncher(pid: number): boolean {
  const [program = '', ...words] = readOrEmpty(`/proc/${pid}/cmdline`).split('\0');
  return program.endsWith('node') && words.some((word) => word.endsWith(launcherProgram));
}

/** A process may have ended meanwhile. */
function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
