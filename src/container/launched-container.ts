import { withDeadline } from '../common/time/cancellation.js';
import type { Clock } from '../common/time/clock.js';
import type { ContainerReaper } from './container-reaper.js';
import type { ContainerLifecycle, ContainerState } from './container-state.js';
import type { EngineHealth } from './engine-health.js';
import type {
  ContainerEngine,
  ContainerExit,
  ContainerId,
  ContainerOutput,
  ContainerSpec,
  ContainerUsage,
  OutputListener,
} from './engine/container-engine.js';
import { type OutputTail, PrintedOutput } from './output-tail.js';

interface LaunchedParts {
  readonly id: ContainerId;
  readonly lifecycle: ContainerLifecycle;
  readonly printed: PrintedOutput;
  readonly attached: ContainerOutput;
}

export interface LaunchedContext {
  readonly engine: ContainerEngine;
  readonly health: EngineHealth;
  readonly reaper: ContainerReaper;
  readonly clock: Clock;
  readonly exitTimeoutMs: number;
  readonly endTimeoutMs: number;
  /** Most processes and threads. */
  readonly pids: number;
}

/** Above this a container is crowded: Node.js itself takes some ten processes and threads, and the next call needs its own. */
const largestShareOfPids = 0.75;

/** A container whose process runs, or has ended. Whoever launched it must remove it, whatever happened. */
export class LaunchedContainer {
  private exitStatus: Promise<ContainerExit | undefined> | undefined;

  constructor(
    private readonly parts: LaunchedParts,
    private readonly context: LaunchedContext,
  ) {}

  get name(): string {
    return this.parts.lifecycle.name;
  }

  get state(): ContainerState {
    return this.parts.lifecycle.state;
  }

  /** What the process printed, within the limit of the settings. */
  get output(): OutputTail {
    return this.parts.printed.tail;
  }

  /** Settles, never rejecting, when the process has ended; also after `remove`. */
  get ended(): Promise<void> {
    return this.parts.attached.ended;
  }

  /** Gives what was printed so far as stdout, then everything as it comes. */
  onOutput(listener: OutputListener): void {
    this.parts.printed.listen(listener);
  }

  /**
   * How the process ended; ask after `ended` and before `remove`. Undefined when the engine could not say within the
   * limit of the settings. Never rejects.
   */
  exit(): Promise<ContainerExit | undefined> {
    this.exitStatus ??= this.askExit();
    return this.exitStatus;
  }

  /** CPU time used since the start, in milliseconds. Rejects with an `EngineError`. */
  cpuTimeMs(): Promise<number> {
    return this.context.health.ask(() => this.context.engine.cpuTimeMs(this.parts.id));
  }

  /** What it has used since its start; asks nothing of the engine. Never rejects. */
  usage(): Promise<ContainerUsage> {
    return this.context.engine.usage(this.parts.id);
  }

  /**
   * Whether the kernel has killed one of its processes for memory; false where nobody can tell, undefined if the kernel's
   * accounts went with the container before they could be read. Ask as soon as it may have. Never rejects.
   */
  async hasRunOutOfMemory(): Promise<boolean | undefined> {
    const kills = await this.context.engine.memoryKills(this.parts.id);
    if (kills === 'gone') return undefined;
    return kills !== null && kills > 0;
  }

  /**
   * Whether so many processes and threads are in it that there is hardly room for more; false where nobody can tell.
   * Never rejects.
   */
  async isCrowded(): Promise<boolean> {
    const processes = await this.context.engine.processes(this.parts.id);
    return processes !== null && processes > this.context.pids * largestShareOfPids;
  }

  /**
   * Like `remove`, for a process that was asked to end: if it ends in time, the engine need not run the program that kills
   * it. Otherwise it is killed then.
   */
  async retire(): Promise<void> {
    const { engine, clock, endTimeoutMs } = this.context;
    const giveUp = new AbortController();
    const cancel = clock.schedule(endTimeoutMs, () => {
      giveUp.abort();
    });
    await engine.ended(this.parts.id, giveUp.signal).catch(() => undefined);
    cancel();
    await this.remove();
  }

  /** Kills and removes. Idempotent, never rejects: resolves when the container is gone or the reaper has it. */
  async remove(): Promise<void> {
    await this.context.reaper.remove(this.parts.lifecycle);
    this.parts.attached.close();
  }

  private async askExit(): Promise<ContainerExit | undefined> {
    const { engine, clock, exitTimeoutMs } = this.context;
    const giveUp = new AbortController();
    // Past the circuit breaker: an engine that went away may have taken the container along, and knows that it did.
    const asking = engine.wait(this.parts.id, giveUp.signal);
    const onTimeout = () => new Error('The engine did not say in time how the container ended.');
    try {
      return await withDeadline(clock, asking, { withinMs: exitTimeoutMs, onTimeout });
    } catch {
      return undefined;
    } finally {
      giveUp.abort();
    }
  }
}

/**
 * Creates, attaches to and starts a container. How a step is undone is noted before it is taken, because a call that
 * failed may have done its work all the same. When this rejects the removal has begun; nobody waits for it.
 */
export async function launchContainer(
  spec: ContainerSpec,
  lifecycle: ContainerLifecycle,
  context: LaunchedContext & { readonly outputTailBytes: number },
): Promise<LaunchedContainer> {
  const { engine, health, reaper } = context;
  const undo: (() => void)[] = [];
  const printed = new PrintedOutput(context.outputTailBytes);
  try {
    undo.push(() => void reaper.remove(lifecycle));
    lifecycle.move('creating');
    const id = await health.ask(() => engine.create(spec));
    lifecycle.move('created');

    const attached = await health.ask(() =>
      engine.attach(id, (stream, bytes) => {
        printed.accept(stream, bytes);
      }),
    );
    undo.push(() => {
      attached.close();
    });

    lifecycle.move('starting');
    await health.ask(() => engine.start(id));
    lifecycle.move('started');
    return new LaunchedContainer({ id, lifecycle, printed, attached }, context);
  } catch (error) {
    for (const step of undo.reverse()) step();
    throw error;
  }
}
