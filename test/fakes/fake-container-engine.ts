import {
  ContainerEngine,
  EngineError,
  type ContainerExit,
  type ContainerId,
  type ContainerOutput,
  type ContainerSpec,
  type ContainerUsage,
  type MemoryKills,
  type EngineErrorKind,
  type OutputListener,
  type OutputStream,
  type OwnedContainer,
} from '../../src/container/engine/container-engine.js';
import { runMountPoint } from '../../src/container/engine/sandbox-policy.js';

export type EngineCall =
  | 'ping'
  | 'version'
  | 'hasImage'
  | 'hasOciRuntime'
  | 'create'
  | 'attach'
  | 'start'
  | 'wait'
  | 'remove'
  | 'listOwned'
  | 'cpuTimeMs';

/** What happens to one call: it fails before or after the work was done, or hangs until released and then works. */
type Fault =
  | { readonly kind: 'fail'; readonly error: EngineErrorKind; readonly workDone: boolean }
  | { readonly kind: 'hang'; readonly released: Promise<void> };

/** A container of the fake; tests make it print and end. */
export class FakeContainer {
  started = false;
  exit: ContainerExit | undefined;
  cpuMs = 0;
  memoryPeakBytes = 0;
  memoryKills: MemoryKills = 0;
  processes = 12;
  private readonly listeners = new Set<OutputListener>();
  private readonly endListeners = new Set<() => void>();

  constructor(
    readonly id: ContainerId,
    readonly spec: ContainerSpec,
  ) {}

  /** The host directory with the worker's socket. */
  get runDirectory(): string {
    return this.spec.policy.mounts.readOnly.find(({ target }) => target === runMountPoint)?.source ?? '';
  }

  /** Attached outputs that nobody has closed. */
  get attached(): number {
    return this.listeners.size;
  }

  print(stream: OutputStream, text: string): void {
    for (const listener of this.listeners) listener(stream, Buffer.from(text));
  }

  /** The process ends; only the first end counts. */
  end(exit: ContainerExit): void {
    this.exit ??= exit;
    this.listeners.clear();
    for (const resolve of this.endListeners) resolve();
    this.endListeners.clear();
  }

  attach(onOutput: OutputListener): ContainerOutput {
    const listener: OutputListener = (stream, bytes) => {
      onOutput(stream, bytes);
    };
    this.listeners.add(listener);
    let settle: () => void = () => undefined;
    const closed = new Promise<void>((resolve) => (settle = resolve));
    const close = () => {
      this.listeners.delete(listener);
      settle();
    };
    return { ended: Promise.race([closed, this.ended()]), close };
  }

  ended(): Promise<void> {
    if (this.exit) return Promise.resolve();
    return new Promise((resolve) => this.endListeners.add(resolve));
  }
}

/** An engine in memory that passes the contract of the real one, and fails as it is told to. */
export class FakeContainerEngine extends ContainerEngine {
  readonly images = new Set(['glambdar-worker', 'glambdar-worker-nodejs22.x', 'glambdar-worker-nodejs26.x']);
  readonly ociRuntimes = new Set(['runc', 'runsc']);
  /** Every call in order, failed ones included. */
  readonly calls: EngineCall[] = [];
  /** While true every call is refused as `unreachable`. */
  down = false;
  private readonly containers = new Map<string, FakeContainer>();
  private readonly faults = new Map<number, Fault>();
  private counter = 0;

  /** Runs when a container starts: what its process does. */
  constructor(private readonly onStart: (container: FakeContainer) => void = () => undefined) {
    super();
  }

  get all(): readonly FakeContainer[] {
    return [...this.containers.values()];
  }

  /** The nth call from now, the first being 1, fails; with `workDone` only its answer is lost. */
  failCall(nth: number, error: EngineErrorKind, { workDone = false } = {}): void {
    this.faults.set(this.calls.length + nth, { kind: 'fail', error, workDone });
  }

  /** The nth call from now waits until the returned function is called, and then works. */
  hangCall(nth: number): () => void {
    let release: () => void = () => undefined;
    const released = new Promise<void>((resolve) => (release = resolve));
    this.faults.set(this.calls.length + nth, { kind: 'hang', released });
    return release;
  }

  override ping(): Promise<void> {
    return this.perform('ping', () => undefined);
  }

  override version(): Promise<string> {
    return this.perform('version', () => 'Fake Engine 1.0');
  }

  override hasImage(reference: string): Promise<boolean> {
    return this.perform('hasImage', () => this.images.has(reference));
  }

  override hasOciRuntime(name: string): Promise<boolean> {
    return this.perform('hasOciRuntime', () => this.ociRuntimes.has(name));
  }

  override create(spec: ContainerSpec): Promise<ContainerId> {
    return this.perform('create', () => {
      const { image } = spec.program;
      if (!this.images.has(image)) throw new EngineError('image-missing', `no image ${image}`);
      if (this.find(spec.name)) throw new EngineError('conflict', `${spec.name} is taken`);
      this.counter += 1;
      const id = `fake-${this.counter}` as ContainerId;
      this.containers.set(id, new FakeContainer(id, spec));
      return id;
    });
  }

  override attach(id: ContainerId, onOutput: OutputListener): Promise<ContainerOutput> {
    return this.perform('attach', () => this.existing(id).attach(onOutput));
  }

  override start(id: ContainerId): Promise<void> {
    return this.perform('start', () => {
      const container = this.existing(id);
      container.started = true;
      this.onStart(container);
    });
  }

  override async wait(id: ContainerId, signal: AbortSignal): Promise<ContainerExit> {
    return exitOf(await this.perform('wait', () => this.existing(id)), signal);
  }

  /** Told of the process, not of the engine's work, so it is none of the calls that can be made to fail. */
  override async ended(id: ContainerId, signal: AbortSignal): Promise<void> {
    if (this.down) throw new EngineError('unreachable', 'ended: nobody answers');
    await exitOf(this.existing(id), signal);
  }

  override remove(idOrName: string): Promise<void> {
    return this.perform('remove', () => {
      const container = this.find(idOrName);
      if (!container) return;
      this.containers.delete(container.id);
      container.end({ exitCode: 137, outOfMemory: false });
    });
  }

  override listOwned(installation: string): Promise<OwnedContainer[]> {
    return this.perform('listOwned', () =>
      this.all
        .filter(({ spec }) => spec.owner.installation === installation)
        .map(({ id, spec }) => ({ id, name: spec.name })),
    );
  }

  override cpuTimeMs(id: ContainerId): Promise<number> {
    return this.perform('cpuTimeMs', () => this.existing(id).cpuMs);
  }

  /** Asks nothing of the engine, so it is none of its calls. */
  override async usage(id: ContainerId): Promise<ContainerUsage> {
    const container = this.containers.get(id);
    if (!container?.started || container.exit) return { memoryPeakBytes: null, cpuTimeMs: null };
    return { memoryPeakBytes: container.memoryPeakBytes, cpuTimeMs: container.cpuMs };
  }

  /** The accounts outlive the process by a moment: here, until the container is removed. */
  override async memoryKills(id: ContainerId): Promise<MemoryKills> {
    const container = this.containers.get(id);
    return container?.started ? container.memoryKills : null;
  }

  override async processes(id: ContainerId): Promise<number | null> {
    const container = this.containers.get(id);
    return container?.started && !container.exit ? container.processes : null;
  }

  private async perform<T>(call: EngineCall, work: () => T): Promise<T> {
    this.calls.push(call);
    const fault = this.faults.get(this.calls.length);
    if (this.down) throw new EngineError('unreachable', `${call}: nobody answers`);
    if (fault?.kind === 'hang') await fault.released;
    if (fault?.kind !== 'fail') return work();
    if (fault.workDone) work();
    throw new EngineError(fault.error, `${call}: failed as told`);
  }

  private find(idOrName: string): FakeContainer | undefined {
    return this.containers.get(idOrName) ?? this.all.find(({ spec }) => spec.name === idOrName);
  }

  private existing(id: ContainerId): FakeContainer {
    const container = this.containers.get(id);
    if (!container) throw new EngineError('gone', `no container ${id}`);
    return container;
  }
}

async function exitOf(container: FakeContainer, signal: AbortSignal): Promise<ContainerExit> {
  const givenUp = new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => {
      resolve();
    });
  });
  await Promise.race([container.ended(), givenUp]);
  if (!container.exit) throw new EngineError('timeout', 'given up');
  return container.exit;
}
