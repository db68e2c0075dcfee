import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { withDeadline } from '../../../common/time/cancellation.js';
import { readEnvironment } from '../../../common/settings/settings.js';
import type { Clock } from '../../../common/time/clock.js';
import { EngineError } from '../container-engine.js';
import type { LauncherMessage, LauncherQuestion, Question } from './launcher/messages.js';

/**
 * The launcher's place is mounted where no other process of the machine sees it. The shell stays: as the first process of
 * its namespace it takes in whatever a killed runtime leaves behind, which Node would not. crun 1.8 fails where control
 * groups of both versions are mounted; of version 2 nothing is needed then.
 */
const script = `
if [ -d /sys/fs/cgroup/memory ] && [ -d /sys/fs/cgroup/unified ]; then umount /sys/fs/cgroup/unified; fi
mount -t tmpfs -o mode=0700,nosuid,nodev glambdar "$1" || exit 1
shift
"$@"
`;

/** If the server dies in whatever way, the kernel ends the launcher, and with it all of its containers and mounts. */
const wrapper = [
  ...['setpriv', '--pdeathsig', 'KILL'],
  ...['unshare', '--mount', '--propagation', 'slave', '--pid', '--fork', '--kill-child', '--mount-proc'],
  ...['sh', '-c', script, 'sh'],
];

/** A launcher has little to remember. */
const nodeOptions = ['--max-semi-space-size=1', '--max-old-space-size=64'];

const keptCharacters = 2000;

export interface LauncherOptions {
  /** The mount point of its place. */
  readonly directory: string;
  readonly program: URL;
  readonly startTimeoutMs: number;
}

interface Asked {
  readonly resolve: (text: string) => void;
  readonly reject: (error: EngineError) => void;
}

/** What the server needs of a run of the launcher. */
export type Launcher = Pick<LauncherProcess, 'ask' | 'died' | 'isRunning' | 'seen' | 'stop'>;

/** One run of the launcher, seen from the server. */
export class LauncherProcess {
  private readonly asked = new Map<number, Asked>();
  private readonly ready: PromiseWithResolvers<void> = Promise.withResolvers();
  private readonly gone: PromiseWithResolvers<void> = Promise.withResolvers();
  private counter = 0;
  private hasDied = false;
  private said = '';

  private constructor(
    private readonly child: ChildProcess,
    private readonly clock: Clock,
    private readonly onEnded: (container: string, exitCode: number) => void,
  ) {
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.said = (this.said + text).slice(-keptCharacters);
    });
    child.on('message', (message: LauncherMessage) => {
      this.heard(message);
    });
    child.once('error', () => {
      this.dies();
    });
    child.once('exit', () => {
      this.dies();
    });
    // Without the channel it is of no use, and it ends by itself.
    child.once('disconnect', () => {
      child.kill('SIGKILL');
    });
    this.ready.promise.catch(() => undefined);
  }

  static async start(
    clock: Clock,
    { directory, program, startTimeoutMs }: LauncherOptions,
    onEnded: (container: string, exitCode: number) => void,
  ): Promise<LauncherProcess> {
    const node = [process.execPath, ...nodeOptions, fileURLToPath(program)];
    const [command, ...args] = [...wrapper, directory, ...node, directory] as const;
    const child = spawn(command, args, {
      cwd: '/',
      // Of the server's own environment only where programs are: another part may be the key of all secrets.
      env: { PATH: readEnvironment()['PATH'] ?? '' },
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    const launcher = new LauncherProcess(child, clock, onEnded);
    try {
      const onTimeout = () => new EngineError('unreachable', 'the launcher does not start');
      await withDeadline(clock, launcher.ready.promise, { withinMs: startTimeoutMs, onTimeout });
    } catch (error) {
      await launcher.stop();
      throw error;
    }
    return launcher;
  }

  /** Settles when it has ended, and all of its containers with it. */
  get died(): Promise<void> {
    return this.gone.promise;
  }

  get isRunning(): boolean {
    return !this.hasDied;
  }

  /** A path of the launcher's place, as the server reaches it. */
  seen(path: string): string {
    return join('/proc', String(this.child.pid), 'root', path);
  }

  /** Rejects with an `EngineError`. */
  async ask(question: LauncherQuestion, withinMs: number): Promise<string> {
    if (this.hasDied) throw this.unreachable();
    this.counter += 1;
    const number = this.counter;
    const answer = new Promise<string>((resolve, reject) => {
      this.asked.set(number, { resolve, reject });
    });
    const numbered: Question = { ...question, number };
    // A channel that breaks is told of by the end of the process.
    this.child.send(numbered, () => undefined);
    const onTimeout = () =>
      new EngineError('timeout', `${question.kind}: no answer of the launcher within ${withinMs} ms`);
    try {
      return await withDeadline(this.clock, answer, { withinMs, onTimeout });
    } finally {
      this.asked.delete(number);
    }
  }

  async stop(): Promise<void> {
    if (this.hasDied) return;
    this.child.kill('SIGKILL');
    await this.gone.promise;
  }

  private heard(message: LauncherMessage): void {
    switch (message.kind) {
      case 'ready':
        this.ready.resolve();
        return;
      case 'answer':
        this.asked.get(message.number)?.resolve(message.text);
        return;
      case 'failure':
        this.asked.get(message.number)?.reject(new EngineError('refused', message.reason));
        return;
      case 'ended':
        this.onEnded(message.container, message.exitCode);
        return;
      default:
        message satisfies never;
    }
  }

  private dies(): void {
    if (this.hasDied) return;
    this.hasDied = true;
    this.ready.reject(this.unreachable());
    for (const { reject } of this.asked.values()) reject(this.unreachable());
    this.gone.resolve();
  }

  private unreachable(): EngineError {
    const said = this.said.trim();
    return new EngineError('unreachable', `the launcher does not run${said === '' ? '' : `: ${said}`}`);
  }
}
