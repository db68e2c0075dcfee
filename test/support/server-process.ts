import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const entry = fileURLToPath(new URL('../../dist/src/main.js', import.meta.url));
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

/** How a server process ended. */
export interface Ended {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stderr: string;
}

/** The built server in a process of its own, for what only a process shows: signals, exit codes, crashes, output. */
export class ServerProcess {
  readonly ended: Promise<Ended>;
  private stdout = '';
  private stderr = '';
  private readonly parsed: Record<string, unknown>[] = [];
  private parsedUpTo = 0;

  private constructor(private readonly child: ChildProcess) {
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (this.stdout += text));
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.stderr += text));
    this.ended = once(child, 'close').then(([exitCode, signal]) => ({
      exitCode: exitCode as number | null,
      signal: signal as NodeJS.Signals | null,
      stderr: this.stderr,
    }));
  }

  /** Runs `dist/src/main.js` on any free port; the variables come on top of the test's own environment. */
  static spawn(variables: Readonly<Record<string, string>>): ServerProcess {
    return ServerProcess.run(entry, variables);
  }

  /** Runs what `npm start` runs, set-up included, otherwise like `spawn`. */
  static npmStart(variables: Readonly<Record<string, string>>): ServerProcess {
    return ServerProcess.run(startScript, variables);
  }

  /** As `npmStart`, and without these variables. */
  static npmStartWithout(
    unset: readonly string[],
    variables: Readonly<Record<string, string>>,
  ): ServerProcess {
    return ServerProcess.run(startScript, variables, unset);
  }

  private static run(
    script: string,
    variables: Readonly<Record<string, string>>,
    unset: readonly string[] = [],
  ): ServerProcess {
    const all = { ...process.env, GLAMBDAR_PORT: '0', NODE_OPTIONS: '', ...patience, ...variables };
    const environment = Object.fromEntries(Object.entries(all).filter(([name]) => !unset.includes(name)));
    return new ServerProcess(
      spawn(process.execPath, [script], { env: environment, stdio: ['ignore', 'pipe', 'pipe'] }),
    );
  }

  /** The URL that it printed; rejects when it ends before it listens. */
  async listening(): Promise<string> {
    for (;;) {
      const url = /"url":"(http:[^"]+)"/.exec(this.stdout)?.[1];
      if (url !== undefined) return url;
      const more = once(this.child.stdout!, 'data').then(() => undefined);
      const ended = await Promise.race([more, this.ended]);
      if (ended) throw new Error(`The server ended with ${ended.exitCode ?? ended.signal}: ${ended.stderr}`);
    }
  }

  /** Log lines so far; one of which only a part has arrived is none yet. */
  get lines(): readonly Record<string, unknown>[] {
    for (let end; (end = this.stdout.indexOf('\n', this.parsedUpTo)) >= 0; this.parsedUpTo = end + 1)
      this.parsed.push(JSON.parse(this.stdout.slice(this.parsedUpTo, end)) as Record<string, unknown>);
    return this.parsed;
  }

  /** Memory of the process that is in use now, in bytes. */
  async residentBytes(): Promise<number> {
    const status = await readFile(`/proc/${this.child.pid ?? ''}/status`, 'utf8');
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024;
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
