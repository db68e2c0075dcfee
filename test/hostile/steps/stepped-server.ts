import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { setTimeout as after } from 'node:timers/promises';
import { HostileServer } from '../server/hostile-server.js';

const run = promisify(execFile);
const writeSteps = fileURLToPath(new URL('../server/write-steps.mjs', import.meta.url));
const keysCommand = fileURLToPath(new URL('../../../dist/src/keys.js', import.meta.url));

const quietMs = 150;
const settleTimeoutMs = 10_000;

export type StepFault = 'fail' | 'kill';

/** A server whose writes are counted, and of which one can be made to fail or to be its last. */
export class SteppedServer {
  private constructor(readonly server: HostileServer) {}

  static async start(directory: string, key?: string): Promise<SteppedServer> {
    const server = await HostileServer.start({
      directory,
      nodeArguments: ['--import', writeSteps],
      ...(key !== undefined && { key }),
    });
    return new SteppedServer(server);
  }

  /** Begins a start that fails or dies at its nth write, unless it has fewer. */
  static spawn(directory: string, nth: number, fault: StepFault): HostileServer {
    const settings = { WRITE_STEPS_AT_START: `${fault}:${nth}` };
    return HostileServer.spawn({ directory, settings, nodeArguments: ['--import', writeSteps] });
  }

  /** 0 counts the steps that the fault could be at, and lets each pass. */
  async arm(nth: number, fault: StepFault): Promise<void> {
    await this.server.evaluate(`writeSteps.arm(${nth}, '${fault}')`);
  }

  /** The steps since it was armed, once no more come; NaN when the server has died. */
  async steps(): Promise<number> {
    const died = this.server.ended.then(() => Number.NaN);
    const giveUpAtMs = performance.now() + settleTimeoutMs;
    for (let seen = -1; ;) {
      const now = await Promise.race([died, this.server.evaluate('writeSteps.seen()')]);
      if (Number.isNaN(now) || now === seen || performance.now() > giveUpAtMs) return now;
      seen = now;
      await Promise.race([died, after(quietMs)]);
    }
  }

  /** The name of the step that had the fault. */
  get faultyStep(): string {
    return [...this.server.printed.matchAll(/^write step: (.*)$/gm)].at(-1)?.[1] ?? 'none';
  }
}

/** The first key of a directory, with every scope: from then on the server lets nobody in without one. */
export async function adminKey(directory: string): Promise<string> {
  const env = { ...process.env, GLAMBDAR_DIR: directory, NODE_OPTIONS: '' };
  const words = [keysCommand, 'create', '--name', 'trial', '--scopes', 'admin'];
  return (await run(process.execPath, words, { env })).stdout.trim();
}
