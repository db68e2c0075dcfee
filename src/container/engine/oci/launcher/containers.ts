import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, constants, openSync, readFileSync, unlinkSync, watch } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { kill, removeCgroups } from './cgroup-directories.js';
import type { LauncherPlace, LauncherQuestion } from './messages.js';

type QuestionOf<K> = Extract<LauncherQuestion, { kind: K }>;

interface Running {
  readonly runtime: ChildProcess;
  /** Of the container's first process, as this namespace counts. */
  pid: number | undefined;
  readonly started: PromiseWithResolvers<void>;
  readonly exited: Promise<void>;
}

/** How long a runtime may take to notice that its container was killed, and to clean up. */
const graceMs = 2000;
const killedExitCode = 137;
const mostOfLogBytes = 4096;

type OnEnded = (container: string, exitCode: number) => void;

/** The containers that run below this process, each with its runtime in the foreground. */
export class Containers {
  private readonly running = new Map<string, Running>();

  constructor(
    private readonly place: LauncherPlace,
    private readonly hierarchies: readonly string[],
    private readonly onEnded: OnEnded,
  ) {
    watch(place.pids, (_, name) => {
      if (name !== null) this.readPid(name);
    });
  }

  async run({ container, command, pipes, log }: QuestionOf<'run'>): Promise<string> {
    const entry = this.spawn(container, command, pipes);
    const failed = entry.exited.then(async () => {
      // What ended so fast that nobody saw it start has written its file all the same.
      this.readPid(container);
      if (entry.pid === undefined) throw new Error(await reasonIn(log));
    });
    await Promise.race([entry.started.promise, failed]);
    return '';
  }

  async inspect({ container, command, file, log }: QuestionOf<'inspect'>): Promise<string> {
    await this.spawn(container, command, undefined).exited;
    try {
      return readFileSync(join(this.place.runtimeState, container, file)).toString('base64');
    } catch {
      throw new Error(await reasonIn(log));
    }
  }

  async remove({ container, cgroup, bundle }: QuestionOf<'remove'>): Promise<string> {
    const entry = this.running.get(container);
    if (entry) await end(entry);
    await removeCgroups(this.hierarchies, cgroup);
    this.running.delete(container);
    const left = [bundle, this.place.pidFile(container), ...this.place.stateOf(container)];
    await Promise.all(left.map((path) => rm(path, { recursive: true, force: true })));
    return '';
  }

  private spawn(
    container: string,
    [program = '', ...args]: readonly string[],
    pipes: string | undefined,
  ): Running {
    const outputs = pipes === undefined ? [] : this.openPipes(pipes);
    const [stdout = 'ignore', stderr = 'ignore'] = outputs;
    // A group of its own, so that whatever the runtime has started ends with it.
    const runtime = spawn(program, args, { cwd: '/', detached: true, stdio: ['ignore', stdout, stderr] });
    outputs.forEach(closeSync);
    const exited: PromiseWithResolvers<void> = Promise.withResolvers();
    const started: PromiseWithResolvers<void> = Promise.withResolvers();
    const ends = (exitCode: number | null) => {
      exited.resolve();
      this.onEnded(container, exitCode ?? killedExitCode);
    };
    runtime.once('exit', ends);
    runtime.once('error', () => {
      if (runtime.pid === undefined) ends(null);
    });
    const entry = { runtime, pid: undefined, started, exited: exited.promise };
    this.running.set(container, entry);
    return entry;
  }

  /** The ends to write to. Opening one waits for a reader, which is here for that moment; the paths are needed no more. */
  private openPipes(pipes: string): number[] {
    return (['stdout', 'stderr'] as const).map((stream) => {
      const path = this.place.pipe(pipes, stream);
      const both = openSync(path, constants.O_RDWR);
      const toWrite = openSync(path, constants.O_WRONLY);
      closeSync(both);
      unlinkSync(path);
      return toWrite;
    });
  }

  private readPid(container: string): void {
    const entry = this.running.get(container);
    if (!entry || entry.pid !== undefined) return;
    const pid = Number(textOf(this.place.pidFile(container)));
    // It is created first and written then.
    if (!Number.isInteger(pid) || pid < 2) return;
    entry.pid = pid;
    entry.started.resolve();
  }
}

async function end({ runtime, pid, exited }: Running): Promise<void> {
  if (isRunning(runtime)) {
    if (pid !== undefined) {
      kill(pid);
      await Promise.race([exited, pause(graceMs, undefined, { ref: false })]);
    }
    if (isRunning(runtime) && runtime.pid !== undefined) kill(runtime.pid);
    await exited;
  }
  // What a runtime that was killed has left behind.
  if (runtime.pid !== undefined) kill(-runtime.pid);
}

function isRunning({ exitCode, signalCode, pid }: ChildProcess): boolean {
  return pid !== undefined && exitCode === null && signalCode === null;
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** The beginning of what the runtime has logged. */
async function reasonIn(log: string): Promise<string> {
  try {
    const file = await open(log);
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(mostOfLogBytes), 0, mostOfLogBytes, 0);
      const text = buffer.subarray(0, bytesRead).toString().trim();
      if (text !== '') return text;
    } finally {
      await file.close();
    }
  } catch {
    // It has written none.
  }
  return 'the runtime ended and did not say why';
}
