import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { readFile, readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { SERVER_ARGUMENTS, SERVER_ENVIRONMENT } from '../../scripts/setup/project.mjs';

/** The built server's. */
export const serverProgram = fileURLToPath(new URL('../../dist/src/main.js', import.meta.url));
const startScript = fileURLToPath(new URL('../../scripts/start.mjs', import.meta.url));

/**
 * Limits for a machine that is busy with something else: what a test is not about must not run out of time there. Each
 * ends a wait that is in vain; no test waits for one of them.
 */
export const patience: Readonly<Record<string, string>> = {
  GLAMBDAR_CALL_TIMEOUT_SECONDS: '300',
  GLAMBDAR_QUEUE_TIMEOUT_MS: '120000',
  GLAMBDAR_START_TIMEOUT_MS: '60000',
  GLAMBDAR_LOAD_TIMEOUT_MS: '60000',
  GLAMBDAR_IPC_FRAME_TIMEOUT_MS: '30000',
  GLAMBDAR_EGRESS_CONNECT_TIMEOUT_MS: '60000',
  GLAMBDAR_IMAGE_TIMEOUT_MS: '600000',
  GLAMBDAR_ENGINE_PING_TIMEOUT_MS: '30000',
  GLAMBDAR_ENGINE_ATTACH_TIMEOUT_MS: '60000',
  GLAMBDAR_ENGINE_CALL_TIMEOUT_MS: '120000',
  GLAMBDAR_ENGINE_EXIT_TIMEOUT_MS: '30000',
  GLAMBDAR_CONTAINER_DRAIN_TIMEOUT_MS: '120000',
  GLAMBDAR_STORE_LOCK_TIMEOUT_MS: '30000',
  GLAMBDAR_RECORDS_READ_TIMEOUT_MS: '30000',
  GLAMBDAR_READY_TIMEOUT_MS: '30000',
  // Polling is waiting for an event, too.
  GLAMBDAR_MANAGEMENT_PER_SECOND: '0',
};

/** What says which engine the tests run on, and with which images, as the set-up of the run found them. */
const ofEngine = /^GLAMBDAR_(ENGINE|OCI_(RUNTIME|IMAGES|STATE)|(WORKER|BUILD)_IMAGE(_\w+)?|IMAGE_PROGRAM)$/;

/** How a server process ended. */
export interface Ended {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stderr: string;
}

export interface Launch {
  /** Settings, and what else its environment has besides that of the tests. */
  readonly variables: Readonly<Record<string, string>>;
  /** What its environment does not have, whatever that of the tests has. */
  readonly without?: readonly string[];
  /** What Node.js is started with: flags and the program. */
  readonly nodeArguments: readonly string[];
  /** Where it prints to, in place of this process. */
  readonly logFile?: string;
  /** In a process group of its own, so that Ctrl-C reaches this process alone. */
  readonly isDetached?: boolean;
  /** How much of what it prints is kept, from its end; all of it unless said. */
  readonly keptCharacters?: number;
}

type Output = 'stdout' | 'stderr';

/**
 * The server in a process of its own, started for tests, trials and benchmark alike, on any free port unless they say
 * otherwise. Settings of whoever runs them do not count, only which engine it is and the images.
 */
export class ServerProcess {
  readonly ended: Promise<Ended>;
  private readonly printed: Record<Output, string> = { stdout: '', stderr: '' };
  private readonly parsed: Record<string, unknown>[] = [];
  private parsedUpTo = 0;

  private constructor(
    private readonly child: ChildProcess,
    private readonly launch: Launch,
  ) {
    this.onOutput((output, text) => {
      this.printed[output] = (this.printed[output] + text).slice(-(launch.keptCharacters ?? Infinity));
    });
    this.ended = once(child, 'close').then(([exitCode, signal]) => ({
      exitCode: exitCode as number | null,
      signal: signal as NodeJS.Signals | null,
      stderr: this.printed.stderr,
    }));
  }

  static launch(launch: Launch): ServerProcess {
    const { variables, without = [], nodeArguments, logFile, isDetached = false } = launch;
    const isOwn = (name: string) => name.startsWith('GLAMBDAR_') && !ofEngine.test(name);
    const inherited = Object.entries(process.env).filter(([name]) => !isOwn(name));
    const all = { ...Object.fromEntries(inherited), GLAMBDAR_PORT: '0', NODE_OPTIONS: '', ...variables };
    const env = Object.fromEntries(Object.entries(all).filter(([name]) => !without.includes(name)));
    const file = logFile === undefined ? undefined : openSync(logFile, 'w');
    const stdio: StdioOptions = ['ignore', file ?? 'pipe', file ?? 'pipe'];
    const child = spawn(process.execPath, nodeArguments, { env, stdio, detached: isDetached });
    if (file !== undefined) closeSync(file);
    return new ServerProcess(child, launch);
  }

  /** Runs what `npm start` becomes after its set-up, which the run of the tests has done once, with patience. */
  static spawn(variables: Readonly<Record<string, string>>): ServerProcess {
    return ServerProcess.launch({
      nodeArguments: SERVER_ARGUMENTS,
      variables: { ...SERVER_ENVIRONMENT, ...patience, ...variables },
    });
  }

  /** Runs what `npm start` runs, set-up included, with patience. */
  static npmStart(
    variables: Readonly<Record<string, string>>,
    without: readonly string[] = [],
  ): ServerProcess {
    const patient = { ...patience, ...variables };
    return ServerProcess.launch({ nodeArguments: [startScript], variables: patient, without });
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  get hasEnded(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  /** What it has printed, as far as it is kept. */
  output(which: Output): string {
    const { logFile } = this.launch;
    return logFile === undefined ? this.printed[which] : readFileSync(logFile, 'utf8');
  }

  onOutput(hear: (output: Output, text: string) => void): void {
    for (const output of ['stdout', 'stderr'] as const)
      this.child[output]?.setEncoding('utf8').on('data', (text: string) => {
        hear(output, text);
      });
  }

  /** Where it listens; undefined as long as it has not printed that. */
  get url(): string | undefined {
    return /"url":"(http:[^"]+)"/.exec(this.output('stdout'))?.[1];
  }

  /** The URL that it printed; rejects when it ends before it listens. */
  async listening(): Promise<string> {
    for (;;) {
      const { url } = this;
      if (url !== undefined) return url;
      const more = once(this.child.stdout!, 'data').then(() => undefined);
      const ended = await Promise.race([more, this.ended]);
      if (ended)
        throw new Error(
          `The server ended with ${ended.exitCode ?? ended.signal}: ${this.output('stdout')}${ended.stderr}`,
        );
    }
  }

  /** Log lines so far; one of which only a part has arrived is none yet. */
  get lines(): readonly Record<string, unknown>[] {
    const { stdout } = this.printed;
    for (let end; (end = stdout.indexOf('\n', this.parsedUpTo)) >= 0; this.parsedUpTo = end + 1)
      this.parsed.push(JSON.parse(stdout.slice(this.parsedUpTo, end)) as Record<string, unknown>);
    return this.parsed;
  }

  /** Memory of the process that is in use now, in bytes. */
  async residentBytes(): Promise<number> {
    const status = await readFile(`/proc/${this.pid}/status`, 'utf8');
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024;
  }

  /** How many descriptors it has open; NaN where the system does not tell. */
  descriptors(): Promise<number> {
    return readdir(`/proc/${this.pid}/fd`).then(
      ({ length }) => length,
      () => Number.NaN,
    );
  }

  /** Ends it in order, as a supervisor does, also when it has ended already. */
  async stop(): Promise<Ended> {
    this.child.kill('SIGTERM');
    return this.ended;
  }

  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** Ends it by force if it still runs. */
  async kill(): Promise<Ended> {
    this.child.kill('SIGKILL');
    return this.ended;
  }
}
