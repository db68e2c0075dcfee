import type { Clock } from '../../common/time/clock.js';
import {
  ContainerEngine,
  EngineError,
  type ContainerExit,
  type ContainerId,
  type ContainerOutput,
  type ContainerSpec,
  type ContainerUsage,
  type EngineErrorKind,
  type MemoryKills,
  type OutputListener,
  type OwnedContainer,
} from './container-engine.js';

/** One question to the engine, after its end. */
export interface EndedEngineCall {
  readonly call: Exclude<
    keyof ContainerEngine,
    'open' | 'close' | 'usualRuntime' | 'wait' | 'ended' | 'usage' | 'memoryKills' | 'processes'
  >;
  readonly tookMs: number;
  /** Undefined when the engine did as it was asked. */
  readonly error: EngineErrorKind | undefined;
}

export type EngineCallListener = (ended: EndedEngineCall) => void;

/** Observers of the engine's calls, for metrics; listeners must not throw. */
export class EngineCalls {
  private readonly listeners: EngineCallListener[] = [];

  onEnded(listener: EngineCallListener): void {
    this.listeners.push(listener);
  }

  tell(ended: EndedEngineCall): void {
    for (const listener of this.listeners) listener(ended);
  }
}

/** An engine whose calls are timed. `wait` and `ended` are not: they take as long as the container lives. */
export class ObservedEngine extends ContainerEngine {
  constructor(
    private readonly engine: ContainerEngine,
    private readonly calls: EngineCalls,
    private readonly clock: Clock,
  ) {
    super();
  }

  override open(): Promise<void> {
    return this.engine.open();
  }

  override close(): Promise<void> {
    return this.engine.close();
  }

  override usualRuntime(): string {
    return this.engine.usualRuntime();
  }

  override ping(): Promise<void> {
    return this.observe('ping', this.engine.ping());
  }

  override version(): Promise<string> {
    return this.observe('version', this.engine.version());
  }

  override hasImage(reference: string): Promise<boolean> {
    return this.observe('hasImage', this.engine.hasImage(reference));
  }

  override hasOciRuntime(name: string): Promise<boolean> {
    return this.observe('hasOciRuntime', this.engine.hasOciRuntime(name));
  }

  override create(spec: ContainerSpec): Promise<ContainerId> {
    return this.observe('create', this.engine.create(spec));
  }

  override attach(id: ContainerId, onOutput: OutputListener): Promise<ContainerOutput> {
    return this.observe('attach', this.engine.attach(id, onOutput));
  }

  override start(id: ContainerId): Promise<void> {
    return this.observe('start', this.engine.start(id));
  }

  override wait(id: ContainerId, signal: AbortSignal): Promise<ContainerExit> {
    return this.engine.wait(id, signal);
  }

  override ended(id: ContainerId, signal: AbortSignal): Promise<void> {
    return this.engine.ended(id, signal);
  }

  override remove(idOrName: ContainerId | string): Promise<void> {
    return this.observe('remove', this.engine.remove(idOrName));
  }

  override listOwned(installation: string): Promise<OwnedContainer[]> {
    return this.observe('listOwned', this.engine.listOwned(installation));
  }

  override cpuTimeMs(id: ContainerId): Promise<number> {
    return this.observe('cpuTimeMs', this.engine.cpuTimeMs(id));
  }

  /** Not timed either, nor what follows: they ask the kernel, not the engine. */
  override usage(id: ContainerId): Promise<ContainerUsage> {
    return this.engine.usage(id);
  }

  override memoryKills(id: ContainerId): Promise<MemoryKills> {
    return this.engine.memoryKills(id);
  }

  override processes(id: ContainerId): Promise<number | null> {
    return this.engine.processes(id);
  }

  private async observe<T>(call: EndedEngineCall['call'], answer: Promise<T>): Promise<T> {
    const startedMs = this.clock.monotonicMs();
    let error: EngineErrorKind | undefined;
    try {
      return await answer;
    } catch (caught) {
      error = caught instanceof EngineError ? caught.kind : 'refused';
      throw caught;
    } finally {
      this.calls.tell({ call, tookMs: this.clock.monotonicMs() - startedMs, error });
    }
  }
}
