import { mkdtemp, readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeTree } from '../../src/code/store/directory-tree.js';
import { buildContainersOf, containersOf, recordsOf } from './engine.js';
import { ServerProcess, type Ended } from './server-process.js';
import { Client } from './client.js';
import { eventually } from './eventually.js';

/** Time for a test that starts servers or containers of its own, on a machine that may be busy; what hangs does so for ever. */
export const patientlyMs = 300_000;

export interface LogLine {
  readonly msg: string;
  readonly [field: string]: unknown;
}

/** What a server must not leave behind. */
export interface Leftovers {
  readonly containers: string[];
  readonly run: string[];
  readonly staging: string[];
}

export const nothingLeft: Leftovers = { containers: [], run: [], staging: [] };

/** The server as `npm start` leaves it, on a directory of its own and any free port. */
export class Served extends Client {
  private constructor(
    url: string,
    readonly directory: string,
    private readonly server: ServerProcess,
  ) {
    super(url);
  }

  /** Starts it and waits for the address that it prints. `directory` is one of an earlier server, to start again. */
  static async start(variables: Readonly<Record<string, string>> = {}, directory?: string): Promise<Served> {
    // Sockets are below it, and their paths must be short.
    const chosen = directory ?? (await mkdtemp(join(tmpdir(), 'gl-')));
    const server = ServerProcess.spawn({ GLAMBDAR_DIR: chosen, ...variables });
    return Served.around(chosen, server);
  }

  /** A server that a test has started itself. */
  static async around(directory: string, server: ServerProcess): Promise<Served> {
    return new Served(await server.listening(), directory, server);
  }

  get log(): readonly LogLine[] {
    return this.server.lines as unknown as readonly LogLine[];
  }

  /** A line of the log once it is written; where a call is named, that call's. */
  logged(msg: string, invocationId?: string): Promise<LogLine> {
    const isIt = (line: LogLine) =>
      line.msg === msg && (invocationId === undefined || line['invocationId'] === invocationId);
    return eventually(`the log line "${msg}" ${invocationId ?? ''}`, () => this.log.find(isIt));
  }

  get pid(): number {
    return this.server.pid;
  }

  get ended(): Promise<Ended> {
    return this.server.ended;
  }

  /** Memory of the server's process, in bytes. */
  residentBytes(): Promise<number> {
    return this.server.residentBytes();
  }

  signal(signal: NodeJS.Signals): void {
    this.server.signal(signal);
  }

  /** In order, as a supervisor does it; gives the exit code. */
  async stop(): Promise<number | null> {
    return (await this.server.stop()).exitCode;
  }

  /** As a crash of the machine's power or kernel would. */
  async crash(): Promise<void> {
    await this.server.kill();
  }

  /** Names of this installation's containers, whatever state they are in. */
  async containers(): Promise<string[]> {
    return containersOf(await this.installationId());
  }

  /** How many containers of this installation run builds. */
  async buildContainers(): Promise<number> {
    return (await buildContainersOf(await this.installationId())).length;
  }

  /** The engine's records of them. */
  async records(): Promise<string[]> {
    return recordsOf(await this.installationId());
  }

  private async installationId(): Promise<string> {
    return (await readFile(join(this.directory, 'installation-id'), 'utf8')).trim();
  }

  async leftovers(): Promise<Leftovers> {
    const entriesOf = (name: string) => readdir(join(this.directory, name));
    return {
      containers: await this.containers(),
      run: await entriesOf('run'),
      staging: await entriesOf('staging'),
    };
  }

  /** What a stopped server keeps goes; its code is read-only, also to the user that runs the tests. */
  removeDirectory(): Promise<void> {
    return removeTree(this.directory);
  }

  /** For the end of every test file: stops the server and proves that it ended well and left nothing. */
  async expectCleanEnd(): Promise<void> {
    const exitCode = await this.stop();
    const left = await this.leftovers();
    await this.removeDirectory();
    expect({ exitCode, ...left }).toEqual({ exitCode: 0, ...nothingLeft });
  }
}
