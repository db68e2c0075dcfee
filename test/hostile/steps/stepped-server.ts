import { setTimeout as after } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { becomes } from '../../support/eventually.js';
import { adminKey, HostileServer } from '../server.js';

const writeSteps = fileURLToPath(new URL('./write-steps.mjs', import.meta.url));

const quietMs = 150;
const settleTimeoutMs = 60_000;

export type StepFault = 'fail' | 'kill';

export interface Step {
  readonly name: string;
  /** It is the nth of this name. */
  readonly nth: number;
  readonly takesSpace: boolean;
}

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

  /** Begins a first start that tells its steps, or of which one fails or is the last. */
  static spawn(directory: string, fault: StepFault | 'trace', step?: Step): SteppedServer {
    const settings = { WRITE_STEPS_AT_START: JSON.stringify(armWith(fault, step)) };
    const server = HostileServer.spawn({ directory, settings, nodeArguments: ['--import', writeSteps] });
    return new SteppedServer(server);
  }

  /** From now on the step fails or is the last. */
  arm(fault: StepFault | 'none' | 'trace', step?: Step): Promise<number> {
    this.server.printed = '';
    return this.server.evaluate(`writeSteps.arm(...${JSON.stringify(armWith(fault, step))})`);
  }

  /** Every step of the work and of what follows it, in order. */
  async trace(work: () => Promise<unknown>): Promise<readonly Step[]> {
    await this.arm('trace');
    await work();
    const count = await this.steps();
    await becomes(() => stepsIn(this.server).length >= count, settleTimeoutMs);
    const steps = stepsIn(this.server);
    await this.arm('none');
    return steps;
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
}

function armWith(fault: string, step: Step | undefined): readonly unknown[] {
  return [fault, step?.nth ?? 0, step?.name ?? ''];
}

/** What the server has told: every step when they are traced, and else the one that had the fault. */
export function stepsIn({ printed }: HostileServer): readonly Step[] {
  const reported = new Map<string, number>();
  return [...printed.matchAll(/^write step: ([+-]) (.*)$/gm)].map(([, sign, name = '']) => {
    const nth = (reported.get(name) ?? 0) + 1;
    reported.set(name, nth);
    return { name, nth, takesSpace: sign === '+' };
  });
}

/** The server of a directory, which starts again whenever it is needed and dead. */
export class RestartedServer {
  private running: SteppedServer | undefined;

  private constructor(
    private readonly directory: string,
    private readonly key: string,
  ) {}

  static async on(directory: string): Promise<RestartedServer> {
    return new RestartedServer(directory, await adminKey(directory));
  }

  async alive(): Promise<SteppedServer> {
    this.running ??= await SteppedServer.start(this.directory, this.key);
    return this.running;
  }

  /** Rejects unless it ends in order. */
  async stop(): Promise<void> {
    await this.running?.server.stop();
    this.running = undefined;
  }

  async kill(): Promise<void> {
    await this.running?.server.kill();
    this.running = undefined;
  }
}
