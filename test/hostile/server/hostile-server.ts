import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { patience } from '../../support/server-process.js';
import { Client } from './client.js';
import { containersOf } from '../../support/engine.js';
import { Inspector } from './inspector.js';
import { becomes, within } from '../../support/eventually.js';

const entry = fileURLToPath(new URL('../../../dist/src/main.js', import.meta.url));
const startTimeoutMs = 180_000;
const stopTimeoutMs = 180_000;
const keptCharacters = 65_536;

/** What every server of these trials has besides the patience of all tests: at rest it soon holds no container and no connection. */
const ofTrials = {
  ...patience,
  // A call that hangs must not outlive its client's patience.
  GLAMBDAR_CALL_TIMEOUT_SECONDS: '30',
  GLAMBDAR_PORT: '0',
  GLAMBDAR_PREWARMED_CONTAINERS: '0',
  GLAMBDAR_KEEP_ALIVE_TIMEOUT_MS: '3000',
  GLAMBDAR_LOG_LEVEL: 'info',
};

export interface ServerOptions {
  readonly directory: string;
  readonly settings?: Readonly<Record<string, string>>;
  /** What its client says who it is, where the server asks for it. */
  readonly key?: string;
  /** For Node, before the program. */
  readonly nodeArguments?: readonly string[];
}

const running = new Set<HostileServer>();

/** For a run that is broken off: none of its servers is left, and none of their containers. */
export async function stopServers(): Promise<void> {
  await Promise.allSettled([...running].map((server) => server.stop()));
}

/** The built server in a process of its own, as users run it, with a view into what it holds. */
export class HostileServer {
  readonly ended: Promise<number | NodeJS.Signals>;
  /** Lines on stdout that are no JSON: there must be none. */
  brokenLogLines = 0;
  logLines = 0;
  printed = '';
  private unfinishedLine = '';
  private found: { readonly url: string; readonly inspector: Inspector } | undefined;

  private constructor(
    private readonly child: ChildProcess,
    readonly directory: string,
    readonly key: string | undefined,
  ) {
    running.add(this);
    child.stdout!.setEncoding('utf8').on('data', (text: string) => {
      this.readLog(text);
    });
    child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      this.keep(text);
    });
    this.ended = once(child, 'close').then(([code, signal]) => {
      running.delete(this);
      return (code ?? signal) as number | NodeJS.Signals;
    });
  }

  /** Runs the server without waiting for anything: for one that is to refuse its start. */
  static spawn({ directory, key, settings = {}, nodeArguments = [] }: ServerOptions): HostileServer {
    const own = Object.entries(process.env).filter(
      ([name]) => !name.startsWith('GLAMBDAR_') || name === 'GLAMBDAR_WORKER_IMAGE',
    );
    const env = { ...Object.fromEntries(own), ...ofTrials, ...settings, GLAMBDAR_DIR: directory };
    const args = ['--inspect-port=127.0.0.1:0', '--max-semi-space-size=1', ...nodeArguments, entry];
    const child = spawn(process.execPath, args, {
      env: { ...env, NODE_OPTIONS: '' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return new HostileServer(child, directory, key);
  }

  /** Resolves when the server answers. */
  static async start(options: ServerOptions): Promise<HostileServer> {
    const server = HostileServer.spawn(options);
    try {
      await server.listening();
    } catch (error) {
      // It may be only late, and would hold its directory against the next one.
      await server.kill();
      throw error;
    }
    return server;
  }

  get pid(): number {
    return this.child.pid!;
  }

  get url(): string {
    return this.parts.url;
  }

  get port(): number {
    return Number(new URL(this.url).port);
  }

  get client(): Client {
    return new Client(this.url, this.key);
  }

  /** The name that this server's containers carry. */
  async installationId(): Promise<string> {
    return (await readFile(join(this.directory, 'installation-id'), 'utf8')).trim();
  }

  async containers(): Promise<string[]> {
    return containersOf(await this.installationId());
  }

  filesIn(part: 'run' | 'staging' | 'functions'): Promise<string[]> {
    return readdir(join(this.directory, part));
  }

  /** NaN where the system does not tell. */
  async descriptors(): Promise<number> {
    return readdir(`/proc/${this.pid}/fd`).then(
      ({ length }) => length,
      () => Number.NaN,
    );
  }

  heldMiB(): Promise<number> {
    return this.parts.inspector.heldMiB();
  }

  /** Asks the process itself; the value is a number or of no interest. */
  evaluate(expression: string): Promise<number> {
    return this.parts.inspector.evaluate(expression);
  }

  /** Ends it as an operator does. Rejects unless it ends in order. */
  async stop(withinMs = stopTimeoutMs): Promise<void> {
    this.found?.inspector.close();
    this.child.kill('SIGTERM');
    const end = await within(withinMs, 'Stopping the server', this.ended);
    if (end !== 0) throw new Error(`The server ended with ${end}:\n${this.printed.slice(-2000)}`);
  }

  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.ended;
  }

  private get parts() {
    if (!this.found) throw new Error('The server does not listen yet.');
    return this.found;
  }

  /** Resolves when it answers; rejects when it ends instead. */
  async listening(): Promise<void> {
    let end: unknown;
    void this.ended.then((how) => (end = how));
    const isUp = () => end !== undefined || this.address() !== undefined;
    const url = (await becomes(isUp, startTimeoutMs)) ? this.address() : undefined;
    if (url === undefined) throw new Error(`The server did not start (${String(end)}):\n${this.printed}`);
    this.child.kill('SIGUSR1');
    const inspectorAt = () => /Debugger listening on (ws:\S+)/.exec(this.printed)?.[1];
    await becomes(() => end !== undefined || inspectorAt() !== undefined, startTimeoutMs);
    this.found = { url, inspector: await Inspector.connect(inspectorAt() ?? '') };
  }

  private address(): string | undefined {
    return /"url":"(http:[^"]+)"/.exec(this.printed)?.[1];
  }

  private readLog(text: string): void {
    this.keep(text);
    const lines = (this.unfinishedLine + text).split('\n');
    this.unfinishedLine = lines.pop() ?? '';
    for (const line of lines) {
      this.logLines += 1;
      if (!isJsonObject(line)) this.brokenLogLines += 1;
    }
  }

  private keep(text: string): void {
    this.printed = (this.printed + text).slice(-keptCharacters);
  }
}

function isJsonObject(line: string): boolean {
  try {
    const parsed: unknown = JSON.parse(line);
    return typeof parsed === 'object' && parsed !== null;
  } catch {
    return false;
  }
}
