import type { ReadScheduler } from '../../../common/read-scheduler/read-scheduler.js';
import type { Clock } from '../../../common/time/clock.js';
import { CgroupUsage } from '../cgroup-usage.js';
import {
  ContainerEngine,
  EngineError,
  type ContainerExit,
  type ContainerId,
  type ContainerOutput,
  type ContainerSpec,
  type ContainerUsage,
  type MemoryKills,
  type OutputListener,
  type OwnedContainer,
} from '../container-engine.js';
import { writeHostsFile } from '../hosts-file.js';
import { Bundles, ociGroups } from './bundles.js';
import { ociConfig } from './config/oci-config.js';
import { readOutput } from './container-output.js';
import { accountsOf, OciContainer } from './oci-container.js';
import { asEngine, untilGivenUp } from './oci-errors.js';
import { runtimeCommand } from './runtime-command.js';
import type { RuntimeName } from './runtime-version.js';
import { type OpenedImage, WallMaker } from './runtime-walls.js';
import { Runtimes } from './runtimes.js';
import { Sessions, type SessionsOptions } from './sessions.js';

/** The unpacked images of this machine. */
export interface ImageSource {
  /** The same object for as long as it is the same image. */
  open(reference: string): Promise<OpenedImage | undefined>;
}

export interface OciEngineOptions extends SessionsOptions {
  readonly runtime: '' | RuntimeName;
  readonly state: string;
  readonly images: ImageSource;
}

/** As the build leaves it. */
export const launcherProgram = new URL('./launcher/launcher.js', import.meta.url);

/** An OCI runtime, run by a launcher of our own, once for each container: there is no daemon. Needs root. */
export class OciEngine extends ContainerEngine {
  private readonly cgroups = new CgroupUsage(ociGroups);
  private readonly bundles: Bundles;
  private readonly runtimes: Runtimes;
  private readonly sessions: Sessions;
  private readonly walls: WallMaker;
  /** By name, which is the identifier, too. */
  private readonly containers = new Map<string, OciContainer>();
  private readonly installations = new Set<string>();
  private readonly removals = new Map<string, Promise<void>>();

  constructor(
    private readonly clock: Clock,
    private readonly readScheduler: ReadScheduler,
    private readonly options: OciEngineOptions,
  ) {
    super();
    this.bundles = new Bundles(options.state);
    this.runtimes = new Runtimes(options.runtime);
    this.walls = new WallMaker(this.bundles, options.callTimeoutMs);
    this.sessions = new Sessions(clock, this.bundles.launcherPlace, options, {
      onEnded: (name, exitCode) => this.containers.get(name)?.ended(exitCode, this.cgroups),
      onDied: (session) => {
        for (const container of this.containers.values())
          if (container.session === session) container.endedWithLauncher();
      },
    });
  }

  override async open(): Promise<void> {
    await this.runtimes.usual();
  }

  override async close(): Promise<void> {
    await this.sessions.close();
    for (const installation of this.installations) await this.bundles.leave(installation);
  }

  override usualRuntime(): string {
    return this.options.runtime;
  }

  override ping(): Promise<void> {
    return asEngine('ping', () => this.sessions.ping());
  }

  override version(): Promise<string> {
    return asEngine('version', async () => {
      await this.sessions.current();
      const { name, version } = await this.runtimes.usual();
      return `${name} ${version}`;
    });
  }

  override hasImage(reference: string): Promise<boolean> {
    return asEngine('image', async () => (await this.options.images.open(reference)) !== undefined);
  }

  override hasOciRuntime(name: string): Promise<boolean> {
    return this.runtimes.has(name);
  }

  override create(spec: ContainerSpec): Promise<ContainerId> {
    return asEngine('create', async () => {
      const image = await this.options.images.open(spec.program.image);
      if (!image) throw new EngineError('image-missing', `create: there is no image ${spec.program.image}`);
      const runtime = await this.runtimes.named(spec.ociRuntime);
      const session = await this.sessions.current();
      const place = { installation: spec.owner.installation, name: spec.name };
      this.installations.add(place.installation);
      await writeHostsFile(spec.policy);
      const walls = await this.walls.wallsOf(spec, { image, runtime, session });
      const roots = session.rootsOf(image);
      let giveBackRoot = (): void => undefined;
      this.bundles.make(place);
      try {
        const root = await roots.take();
        giveBackRoot = () => {
          roots.giveBack(root);
        };
        const ociPlace = { ...this.bundles.whereaboutsOf(place, root), image, ...walls };
        this.bundles.write(place, ociConfig(spec, ociPlace));
        const { memoryBytes } = spec.policy.limits;
        const container = new OciContainer({ place, runtime, session, memoryBytes, giveBackRoot });
        this.containers.set(spec.name, container);
      } catch (error) {
        giveBackRoot();
        await this.bundles.discard(place);
        throw error;
      }
      return spec.name as ContainerId;
    });
  }

  override attach(id: ContainerId, onOutput: OutputListener): Promise<ContainerOutput> {
    return asEngine('attach', async () => {
      const paths = await this.container('attach', id).openPipes();
      return readOutput(paths, onOutput, this.readScheduler, this.clock);
    });
  }

  override start(id: ContainerId): Promise<void> {
    return asEngine('start', async () => {
      const container = this.container('start', id);
      const pipes = container.begin();
      const { place, runtime, session } = container;
      const call = this.bundles.callOf(place, runtime);
      const command = runtimeCommand('run', call);
      const question = { kind: 'run', container: place.name, command, pipes, log: call.log } as const;
      await session.launcher.ask(question, this.options.callTimeoutMs);
    });
  }

  override wait(id: ContainerId, signal: AbortSignal): Promise<ContainerExit> {
    return asEngine('wait', () => untilGivenUp('wait', signal, this.container('wait', id).exited));
  }

  override async ended(id: ContainerId, signal: AbortSignal): Promise<void> {
    await asEngine('ended', () => untilGivenUp('ended', signal, this.container('ended', id).exited));
  }

  override remove(name: string): Promise<void> {
    const running = this.removals.get(name);
    if (running) return running;
    const removing = asEngine('remove', () => this.removeOnce(name)).finally(() =>
      this.removals.delete(name),
    );
    this.removals.set(name, removing);
    return removing;
  }

  override listOwned(installation: string): Promise<OwnedContainer[]> {
    return asEngine('list', async () => {
      await this.sessions.current();
      this.installations.add(installation);
      const names = await this.bundles.namesOf(installation);
      return names.map((name) => ({ id: name as ContainerId, name }));
    });
  }

  override async cpuTimeMs(id: ContainerId): Promise<number> {
    this.container('statistics', id);
    const { cpuTimeMs } = await this.usage(id);
    if (cpuTimeMs === null) throw new EngineError('refused', 'statistics: the kernel does not tell');
    return cpuTimeMs;
  }

  override usage(id: ContainerId): Promise<ContainerUsage> {
    return Promise.resolve(this.cgroups.of(this.accountsOf(id)));
  }

  /** Never `gone`: of a container that has ended, the exit tells it from what the outer control group has kept. */
  override memoryKills(id: ContainerId): Promise<MemoryKills> {
    const kills = this.cgroups.memoryKillsOf(this.accountsOf(id));
    return Promise.resolve(kills === 'gone' ? null : kills);
  }

  override processes(id: ContainerId): Promise<number | null> {
    return Promise.resolve(this.cgroups.processesOf(this.accountsOf(id)));
  }

  private container(operation: string, id: ContainerId): OciContainer {
    const container = this.containers.get(id);
    if (!container) throw new EngineError('gone', `${operation}: there is no such container`);
    return container;
  }

  private accountsOf(id: ContainerId): string {
    const place = this.containers.get(id)?.place;
    return place ? accountsOf(place) : `unknown/${id}`;
  }

  private async removeOnce(name: string): Promise<void> {
    const container = this.containers.get(name);
    const place = container?.place ?? (await this.bundles.find(name));
    if (!place) return;
    container?.willBeKilled();
    const { launcher } = await this.sessions.current();
    await launcher.ask(this.bundles.removalOf(place), this.options.callTimeoutMs);
    this.containers.delete(name);
    await container?.removed();
  }
}
