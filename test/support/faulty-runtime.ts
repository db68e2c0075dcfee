import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { namesIn, textOf } from './vanishing-files.js';

/**
 * `fail`: it says something with a path in it and ends. `hang`: it never ends. `garble`: it prints bytes without
 * meaning, and says that all went well. `delay`: it takes its time. `orphan`: it is killed, and what it started goes on.
 * `linger`: it does its work and then does not end.
 */
export const runtimeFaults = ['fail', 'hang', 'garble', 'delay', 'orphan', 'linger'] as const;
export type RuntimeFault = (typeof runtimeFaults)[number] | 'none';

/** What it is asked for: containers are started with `run`, and the filter of system calls is compiled by `create`. */
export type RuntimeVerb = 'run' | 'create' | '--version';

/** By which a launcher is known. */
const launcherProgram = /launcher\.m?js$/;

/** A runtime that fails as a test tells it to, and else is the real one; it stands first on the `PATH` of a server. */
export class FaultyRuntime {
  private readonly faultFile: string;
  private readonly hangFile: string;
  private readonly programs: string;

  constructor(
    directory: string,
    private readonly runtime: 'crun' | 'runc' | 'runsc' = 'crun',
  ) {
    this.programs = join(directory, 'programs');
    this.faultFile = join(directory, 'fault');
    this.hangFile = join(directory, 'hangs');
    mkdirSync(this.programs);
    const real = execFileSync('which', [runtime], { encoding: 'utf8' }).trim();
    writeFileSync(join(this.programs, runtime), scriptAround(real, this.faultFile, this.hangFile));
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

  /** From now on, of whatever the server asks of it, or of one thing alone. */
  fail(fault: RuntimeFault, verb?: RuntimeVerb): void {
    rmSync(this.hangFile, { force: true });
    writeFileSync(this.faultFile, `${fault} ${verb ?? ''}\n`);
  }

  /** One that was told to has begun to hang, or to linger. */
  get hangs(): boolean {
    return existsSync(this.hangFile);
  }

  remove(): void {
    rmSync(this.programs, { recursive: true });
    rmSync(this.faultFile);
    rmSync(this.hangFile, { force: true });
  }
}

function scriptAround(real: string, faultFile: string, hangFile: string): string {
  return `#!/bin/sh
read -r fault verb < ${faultFile} || true
case " $* " in
  *" $verb "*) ;;
  *) [ -z "$verb" ] || fault=none ;;
esac
case "$fault" in
  fail) echo 'cannot open /var/lib/hidden/container 0123456789ab: no such file' >&2; exit 1 ;;
  hang) : > ${hangFile}; exec tail -f /dev/null ;;
  garble) head -c 262144 /dev/urandom; head -c 262144 /dev/urandom >&2; exit 0 ;;
  delay) sleep 0.7 ;;
  orphan) ${real} "$@" & kill -KILL $$ ;;
  linger) ${real} "$@"; : > ${hangFile}; exec tail -f /dev/null ;;
esac
exec ${real} "$@"
`;
}

/** The launchers of a server: processes below it with their program. */
export function launchersOf(serverPid: number): number[] {
  const parents = new Map(namesIn('/proc').flatMap((name) => parentOf(name)));
  const launchers = [...parents.keys()].filter((pid) => isBelow(pid, serverPid, parents) && isLauncher(pid));
  // What a launcher starts is a copy of itself at first.
  return launchers.filter((pid) => !launchers.includes(parents.get(pid) ?? 0));
}

function parentOf(name: string): [number, number][] {
  if (!/^\d+$/.test(name)) return [];
  const parent = /^PPid:\s+(\d+)$/m.exec(textOf(`/proc/${name}/status`))?.[1];
  return parent === undefined ? [] : [[Number(name), Number(parent)]];
}

function isBelow(pid: number, ancestor: number, parents: ReadonlyMap<number, number>): boolean {
  const parent = parents.get(pid) ?? 0;
  return parent === ancestor || (parent > 1 && isBelow(parent, ancestor, parents));
}

/** Its own parents name its program, too: the first word tells them apart. */
function isLauncher(pid: number): boolean {
  const [program = '', ...words] = textOf(`/proc/${pid}/cmdline`).split('\0');
  return program.endsWith('node') && words.some((word) => launcherProgram.test(word));
}
