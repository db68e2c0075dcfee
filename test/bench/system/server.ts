/**
 * A Glambdar server of the benchmark's own, in a directory that goes with it: started with what `npm start` starts it
 * with, without the set-up before, which the benchmark has done once, and with every setting at its default.
 */
import { mkdtemp, readdir, readFile, realpath, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { SERVER_ARGUMENTS, SERVER_ENVIRONMENT } from '../../../scripts/setup/project.mjs';
import { Client } from '../../support/client.js';
import { ServerProcess } from '../../support/server-process.js';

interface ServerOptions {
  readonly directory: string;
  /** The engine and the image. */
  readonly environment: Readonly<Record<string, string>>;
  /** `GLAMBDAR_` variables besides the benchmark's own. */
  readonly settings: Readonly<Record<string, string>>;
}

const START_TIMEOUT_MS = 60_000;
const POLL_MS = 20;
const EVIDENCE_LENGTH = 8_192;

/** Short: the path of a socket below it may have 103 bytes. */
export async function makeServerDirectory(): Promise<string> {
  return realpath(await mkdtemp(path.join(os.tmpdir(), 'glambdar-bench-')));
}

export function removeServerDirectory(directory: string): Promise<void> {
  return rm(directory, { recursive: true, force: true });
}

export class Server {
  readonly directory: string;
  /** From the start of the process to the first answer that says it is ready; undefined where it cannot be known. */
  bootSeconds: number | undefined;
  private readonly process: ServerProcess;

  constructor({ directory, environment, settings }: ServerOptions) {
    this.directory = directory;
    this.process = ServerProcess.launch({
      nodeArguments: SERVER_ARGUMENTS,
      variables: { ...SERVER_ENVIRONMENT, ...environment, GLAMBDAR_DIR: directory, ...settings },
      // The log of every call would take the processor from what is measured, if this process had to read it.
      logFile: `${directory}.log`,
      isDetached: true,
    });
  }

  get pid(): number {
    return this.process.pid;
  }

  get url(): string {
    return this.process.url ?? '';
  }

  get port(): number {
    return Number(new URL(this.url).port);
  }

  get client(): Client {
    return new Client(this.url);
  }

  /** Resolves once it says that calls can be served. */
  async ready(signal: AbortSignal, readyPath = '/health/ready'): Promise<void> {
    const giveUpAt = performance.now() + START_TIMEOUT_MS;
    while (!(await this.answers(readyPath))) {
      if (this.process.hasEnded) throw new Error(`The server ended instead of starting:\n${this.evidence}`);
      if (performance.now() > giveUpAt) throw new Error(`The server did not get ready:\n${this.evidence}`);
      await after(POLL_MS, undefined, { signal });
    }
    this.bootSeconds = await ageSeconds(this.pid).catch(() => undefined);
  }

  /**
   * Tells it to stop and waits for its end.
   * @throws Error if it ends with an error
   */
  async stop(): Promise<void> {
    const { exitCode, signal } = await this.process.stop();
    const { evidence } = this;
    await rm(`${this.directory}.log`, { force: true });
    if (exitCode !== 0) throw new Error(`The server ended with ${exitCode ?? String(signal)}:\n${evidence}`);
  }

  /** What is left of containers on the disk: one directory for each. */
  async socketDirectories(): Promise<number> {
    return (await readdir(path.join(this.directory, 'run'))).length;
  }

  /** The last it printed. */
  private get evidence(): string {
    return this.process.output('stdout').slice(-EVIDENCE_LENGTH).trim();
  }

  private async answers(readyPath: string): Promise<boolean> {
    if (this.process.url === undefined) return false;
    return this.client.get(readyPath).then(
      ({ status }) => status === 200,
      () => false,
    );
  }
}

const TICKS_PER_SECOND = 100;
/** Fields of /proc/<pid>/stat after the program's name: the first is the state, number 3 in proc(5). */
const START_TIME_FIELD = 22 - 3;

/**
 * Resident memory, shared pages in full.
 * @returns in MiB
 */
export async function residentMiB(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return kibibytes(status, 'VmRSS') / 1_024;
}

const LAUNCHER = 'launcher.js';

/**
 * Resident memory of the launcher, which runs OCI runtimes for a server, and of what keeps its namespaces.
 * @param pid the server's
 * @returns in MiB; NaN if there is none
 */
export async function launcherMiB(pid: number): Promise<number> {
  const launchers = await Promise.all((await childrenOf(pid)).map((child) => launcherTreeMiB(child)));
  const sum = launchers.flat().reduce((total, mebibytes) => total + mebibytes, 0);
  return sum === 0 ? Number.NaN : sum;
}

/** Each has its program's path on its command line, first and last alike; the runtimes below it have not. */
async function launcherTreeMiB(pid: number): Promise<number[]> {
  const commandLine = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  if (!commandLine.includes(LAUNCHER)) return [];
  const below = await Promise.all((await childrenOf(pid)).map((child) => launcherTreeMiB(child)));
  return [await residentMiB(pid), ...below.flat()];
}

async function childrenOf(pid: number): Promise<number[]> {
  const threads = await readdir(`/proc/${pid}/task`);
  const lists = threads.map((thread) =>
    readFile(`/proc/${pid}/task/${thread}/children`, 'utf8').catch(() => ''),
  );
  const children = (await Promise.all(lists)).flatMap((list) => list.split(' '));
  return children.filter((child) => child !== '').map(Number);
}

/**
 * Proportional memory of a process and of all below it: a page that n processes share counts as its nth part for each.
 * @returns in MiB
 */
export async function proportionalMiB(pid: number): Promise<number> {
  const below = await Promise.all((await childrenOf(pid)).map((child) => proportionalMiB(child)));
  const own = kibibytes(await readFile(`/proc/${pid}/smaps_rollup`, 'utf8'), 'Pss') / 1_024;
  return below.reduce((sum, mebibytes) => sum + mebibytes, own);
}

export async function openFiles(pid: number) {
  return (await readdir(`/proc/${pid}/fd`)).length;
}

/**
 * How long ago a process began, to ten milliseconds.
 * @returns in seconds
 */
async function ageSeconds(pid: number): Promise<number> {
  const [uptime, stat] = await Promise.all([
    readFile('/proc/uptime', 'utf8'),
    readFile(`/proc/${pid}/stat`, 'utf8'),
  ]);
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return Number.parseFloat(uptime) - Number(fields[START_TIME_FIELD]) / TICKS_PER_SECOND;
}

function kibibytes(text: string, field: string) {
  return Number(new RegExp(`^${field}:\\s*(\\d+) kB`, 'm').exec(text)?.[1]);
}
