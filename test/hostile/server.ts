import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Answer, Client } from '../support/client.js';
import { containersOf } from '../support/engine.js';
import { becomes, within } from '../support/eventually.js';
import { Inspector } from '../support/inspector.js';
import { patience, serverProgram, ServerProcess } from '../support/server-process.js';

/** More than the longest wait of the server itself. */
const answerTimeoutMs = 180_000;
const startTimeoutMs = 180_000;
const stopTimeoutMs = 180_000;
const keptCharacters = 65_536;

/** What every server of these trials has besides the patience of all tests: idle, it soon holds no container and no connection. */
const ofTrials = {
  ...patience,
  // A call that hangs must not outlive its client's patience.
  GLAMBDAR_CALL_TIMEOUT_SECONDS: '30',
  GLAMBDAR_PREWARMED_CONTAINERS: '0',
  GLAMBDAR_KEEP_ALIVE_TIMEOUT_MS: '3000',
  GLAMBDAR_LOG_LEVEL: 'info',
};

/** What a well-behaved client asks, whose answers may be broken off; the hostile ones write bytes of their own. */
export class TrialClient extends Client {
  /** Gives an answer that is broken off as such. */
  override async send(method: string, path: string, init: RequestInit = {}): Promise<Answer> {
    const late = AbortSignal.timeout(answerTimeoutMs);
    const signal = init.signal ? AbortSignal.any([init.signal, late]) : late;
    const response = await this.request(method, path, { ...init, signal });
    return Answer.of(response).catch(
      () => new Answer(response.status, response.headers, Buffer.alloc(0), true),
    );
  }

  /** Leaves when the signal says so; undefined when it has left, or was let down. */
  invokeUntil(over: AbortSignal, name: string, body = ''): Promise<Answer | undefined> {
    return this.send('POST', `/invoke/${name}`, { body, signal: over }).catch(() => undefined);
  }

  async names(): Promise<string[]> {
    const listed = await this.get('/info');
    if (listed.status !== 200) throw new Error(`Listing the functions: ${listed.status} ${listed.text}`);
    return (listed.json as { functions: { name: string }[] }).functions.map(({ name }) => name);
  }

  async deleteAll(): Promise<void> {
    for (const name of await this.names()) await this.delete(name);
  }
}

export interface ServerOptions {
  readonly directory: string;
  readonly settings?: Readonly<Record<string, string>>;
  /** What its client says who it is, where the server asks for it. */
  readonly key?: string;
  /** For Node, before the program. */
  readonly nodeArguments?: readonly string[];
}

/** The built server as users run it, with a view into what it holds. */
export class HostileServer {
  readonly ended: Promise<number | NodeJS.Signals>;
  /** Lines on stdout that are no JSON: there must be none. */
  brokenLogLines = 0;
  /** The end of what it has printed. */
  printed = '';
  private unfinishedLine = '';
  private found: { readonly url: string; readonly inspector: Inspector } | undefined;

  private constructor(
    private readonly process: ServerProcess,
    readonly directory: string,
    readonly key: string | undefined,
  ) {
    process.onOutput((output, text) => {
      this.printed = (this.printed + text).slice(-keptCharacters);
      if (output === 'stdout') this.readLog(text);
    });
    this.ended = process.ended.then(({ exitCode, signal }) => exitCode ?? signal!);
  }

  /** Runs the server without waiting for anything: for one that is to refuse its start. */
  static spawn({ directory, key, settings = {}, nodeArguments = [] }: ServerOptions): HostileServer {
    const flags = ['--inspect-port=127.0.0.1:0', '--max-semi-space-size=1', ...nodeArguments];
    const variables = { ...ofTrials, ...settings, GLAMBDAR_DIR: directory };
    const launch = { nodeArguments: [...flags, serverProgram], variables, keptCharacters };
    return new HostileServer(ServerProcess.launch(launch), directory, key);
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

  /** Resolves when it answers; rejects when it ends instead. */
  async listening(): Promise<void> {
    const url = await within(startTimeoutMs, 'Starting the server', this.process.listening());
    this.process.signal('SIGUSR1');
    const inspectorAt = () => /Debugger listening on (ws:\S+)/.exec(this.printed)?.[1];
    await becomes(() => this.process.hasEnded || inspectorAt() !== undefined, startTimeoutMs);
    this.found = { url, inspector: await Inspector.connect(inspectorAt() ?? '') };
  }

  get pid(): number {
    return this.process.pid;
  }

  get url(): string {
    return this.parts.url;
  }

  get port(): number {
    return Number(new URL(this.url).port);
  }

  get client(): TrialClient {
    return new TrialClient(this.url, this.key);
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
  descriptors(): Promise<number> {
    return this.process.descriptors();
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
    this.process.signal('SIGTERM');
    const end = await within(withinMs, 'Stopping the server', this.ended);
    if (end !== 0) throw new Error(`The server ended with ${end}:\n${this.printed.slice(-2000)}`);
  }

  signal(signal: NodeJS.Signals): void {
    this.process.signal(signal);
  }

  async kill(): Promise<void> {
    await this.process.kill();
  }

  private get parts() {
    if (!this.found) throw new Error('The server does not listen yet.');
    return this.found;
  }

  private readLog(text: string): void {
    const lines = (this.unfinishedLine + text).split('\n');
    this.unfinishedLine = lines.pop() ?? '';
    this.brokenLogLines += lines.filter((line) => !isJsonObject(line)).length;
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

const run = promisify(execFile);
const keysCommand = fileURLToPath(new URL('../../dist/src/keys.js', import.meta.url));

/** The first key of a directory, with every scope: from then on the server lets nobody in without one. */
export async function adminKey(directory: string): Promise<string> {
  const env = { ...process.env, GLAMBDAR_DIR: directory, NODE_OPTIONS: '' };
  const words = [keysCommand, 'create', '--name', 'trial', '--scopes', 'admin'];
  return (await run(process.execPath, words, { env })).stdout.trim();
}
