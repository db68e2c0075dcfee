import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { WorkerEndpoint } from '../../src/ipc/worker-dialect.js';

const project = join(import.meta.dirname, '../..');

/** Where a function of `test/fixtures/functions/` is; an absolute directory is itself. */
export function fixtureFunction(name: string): string {
  return resolve(project, 'test/fixtures/functions', name);
}

let runtime = '';

beforeAll(() => {
  runtime = mkdtempSync(join(tmpdir(), 'glambdar-worker-'));
  execFileSync(process.execPath, [join(project, 'scripts/worker.mjs'), runtime]);
});

afterAll(() => {
  rmSync(runtime, { recursive: true });
});

/** The real worker in a child process, compiled as for its image, connected to the endpoint's socket. */
export class WorkerProcess {
  /** Resolves with the exit code when the process has ended. */
  readonly exited: Promise<number | null>;
  private readonly child: ChildProcess;
  private readonly output: Buffer[] = [];

  constructor(
    endpoint: WorkerEndpoint,
    functionName: string,
    environment: Readonly<Record<string, string>> = {},
  ) {
    const main = join(runtime, 'worker/main.js');
    this.child = spawn(
      process.execPath,
      [
        '--disable-warning=MODULE_TYPELESS_PACKAGE_JSON',
        ...[main, join(endpoint.directory, 'socket'), fixtureFunction(functionName)],
      ],
      { env: { GLAMBDAR_TOKEN: endpoint.token, ...environment }, stdio: ['ignore', 'pipe', 'pipe'] },
    );
    this.child.stdout?.on('data', (bytes: Buffer) => this.output.push(bytes));
    this.child.stderr?.on('data', (bytes: Buffer) => this.output.push(bytes));
    this.exited = new Promise((resolve) => this.child.once('close', resolve));
  }

  /** What reached the process's own stdout and stderr, past the socket. */
  get ownOutput(): string {
    return Buffer.concat(this.output).toString('utf8');
  }

  async stop(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.exited;
  }
}
