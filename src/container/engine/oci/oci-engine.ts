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
import { Bundles, ociGroups, type ContainerPlace } from './bundles.js';
import { hiddenFilesOf, writeCover } from './config/cover.js';
import { ociConfig, type OciPlace } from './config/oci-config.js';
import { answerUnknownCalls } from './config/unknown-calls.js';
import { readOutput, removePipes } from './container-output.js';
import { exitOf, killedExitCode } from './container-exit.js';
import { asEngine, untilGivenUp } from './oci-errors.js';
import { runtimeCommand, type RuntimeName } from './runtime.js';
import { Runtimes } from './runtimes.js';
import type { Session } from './session.js';
import { Sessions, type SessionsOptions } from './sessions.js';

/** The unpacked images of this machine. */
export interface ImageSource {
  open(reference: string): Promise<(OciPlace['image'] & { readonly rootDirectory: string }) | undefined>;
}

/** What all containers of an image have in theirs. */
interface ContainerContent extends Pick<OciPlace, 'coveredFiles'> {
  readonly image: OciPlace['image'] & { readonly rootDirectory: string };
}

export interface OciEngineOptions extends SessionsOptions {
  readonly runtime: '' | RuntimeName;
  readonly state: string;
  readonly images: ImageSource;
}

/** As the build leaves it. */
export const launcherProgram = new URL('./launcher/launcher.js', import.meta.url);

/** A container that this engine has made. */
interface Entry {
  readonly place: ContainerPlace;
  readonly runtime: RuntimeName;
  readonly memoryBytes: number;
  readonly session: Session;
  readonly giveBackRoot: () => void;
  readonly exit: PromiseWithResolvers<ContainerExit>;
  pipes: string | undefined;
  isStarted: boolean;
  isKilled: boolean;
}

/** An OCI runtime, run by a launcher of our own, once for each container: there is no daemon. Needs root. */
export class OciEngine extends ContainerEngine {
  private readonly cgroups = new CgroupUsage(ociGroups);
  private readonly bundles: Bundles;
  private readonly runtimes: Runtimes;
  private readonly sessions: Sessions;
  /** By name, which is the identifier, too. */
  private readonly entries = new Map<string, Entry>();
  private readonly installations = new Set<string>();
  private readonly removals = new Map<string, Promise<void>>();
  /** The kernel's, so the same for all. */
  private hiddenFiles: readonly string[] | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly readScheduler: ReadScheduler,
    private readonly options: OciEngineOptions,
  ) {
    super();
    this.bundles = new Bundles(options.state);
    this.runtimes = new Runtimes(options.runtime);
    this.sessions = new Sessions(clock, this.bundles.launcherPlace, options, {
      onEnded: (container, exitCode) => void this.noteEnd(container, exitCode),
      onDied: (session) => {
        this.noteDeath(session);
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
      const roots = session.rootsOf(image.rootDirectory);
      let giveBackRoot = (): void => undefined;
      await this.bundles.make(place);
      try {
        await writeHostsFile(spec.policy);
        const coveredFiles = await this.cover(spec, runtime);
        const seccomp = await this.seccompFor(spec, { image, coveredFiles }, session, runtime);
        const root = await roots.take();
        giveBackRoot = () => {
          roots.giveBack(root);
        };
        const ociPlace = { ...this.bundles.whereaboutsOf(place, root), image, seccomp, coveredFiles };
        await this.bundles.write(place, ociConfig(spec, ociPlace));
        this.entries.set(spec.name, {
          place,
          runtime,
          session,
          memoryBytes: spec.policy.limits.memoryBytes,
          giveBackRoot,
          exit: Promise.withResolvers(),
          pipes: undefined,
          isStarted: false,
          isKilled: false,
        });
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
      const entry = this.entry('attach', id);
      const pipes = await entry.session.pipes.take();
      entry.pipes = pipes;
      return readOutput(entry.session.pipePaths(pipes), onOutput, this.readScheduler, this.clock);
    });
  }

  override start(id: ContainerId): Promise<void> {
    return asEngine('start', async () => {
      const entry = this.entry('start', id);
      if (entry.isStarted) throw new EngineError('conflict', 'start: the container was started before');
      entry.isStarted = true;
      const { pipes, session, place } = entry;
      const call = this.bundles.callOf(place, entry.runtime);
      const command = runtimeCommand('run', call);
      const question = { kind: 'run', container: place.name, command, pipes, log: call.log } as const;
      await session.launcher.ask(question, this.options.callTimeoutMs);
    });
  }

  override wait(id: ContainerId, signal: AbortSignal): Promise<ContainerExit> {
    return asEngine('wait', () => untilGivenUp('wait', signal, this.entry('wait', id).exit.promise));
  }

  override async ended(id: ContainerId, signal: AbortSignal): Promise<void> {
    await asEngine('ended', () => untilGivenUp('ended', signal, this.entry('ended', id).exit.promise));
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
      const names = await this.bundles.namesOf(installation);
      return names.map((name) => ({ id: name as ContainerId, name }));
    });
  }

  override async cpuTimeMs(id: ContainerId): Promise<number> {
    this.entry('statistics', id);
    const { cpuTimeMs } = await this.usage(id);
    if (cpuTimeMs === null) throw new EngineError('refused', 'statistics: the kernel does not tell');
    return cpuTimeMs;
  }

  override usage(id: ContainerId): Promise<ContainerUsage> {
    return this.cgroups.of(this.accountsOf(id));
  }

  /** Never `gone`: of a container that has ended, the exit tells it from what the outer control group has kept. */
  override async memoryKills(id: ContainerId): Promise<MemoryKills> {
    const kills = await this.cgroups.memoryKillsOf(this.accountsOf(id));
    return kills === 'gone' ? null : kills;
  }

  override processes(id: ContainerId): Promise<number | null> {
    return this.cgroups.processesOf(this.accountsOf(id));
  }

  private entry(operation: string, id: ContainerId): Entry {
    const entry = this.entries.get(id);
    if (!entry) throw new EngineError('gone', `${operation}: there is no such container`);
    return entry;
  }

  private accountsOf(id: ContainerId): string {
    const place = this.entries.get(id)?.place;
    return place ? `${place.installation}/${place.name}` : `unknown/${id}`;
  }

  /** Of what the container's own file has to cover (cover.ts), after that was written. */
  private async cover({ policy }: ContainerSpec, runtime: RuntimeName): Promise<readonly string[]> {
    if (runtime !== 'crun') return [];
    await writeCover(policy);
    return (this.hiddenFiles ??= await hiddenFilesOf(policy));
  }

  private async seccompFor(
    spec: ContainerSpec,
    content: ContainerContent,
    session: Session,
    runtime: RuntimeName,
  ): Promise<OciPlace['seccomp']> {
    if (runtime !== 'crun') return runtime === 'runc' ? 'list' : 'none';
    const compile = () => this.compileFilter(spec, content, session);
    return { bpf: await session.filterOf(spec.policy.systemCalls, compile) };
  }

  /** The filter that the runtime itself makes of the list, but for newer calls (unknown-calls.ts); taken from a container that is created and never started. */
  private async compileFilter(
    spec: ContainerSpec,
    content: ContainerContent,
    session: Session,
  ): Promise<string> {
    const place = { installation: spec.owner.installation, name: `${spec.name}-filter` };
    const roots = session.rootsOf(content.image.rootDirectory);
    const root = await roots.take();
    const call = this.bundles.callOf(place, 'crun');
    const { callTimeoutMs } = this.options;
    await this.bundles.make(place);
    try {
      const ociPlace = { ...this.bundles.whereaboutsOf(place, root), ...content, seccomp: 'list' } as const;
      await this.bundles.write(place, ociConfig(spec, ociPlace));
      const command = runtimeCommand('create', call);
      const question = { container: place.name, command, file: 'seccomp.bpf', log: call.log };
      const filter = await session.launcher.ask({ kind: 'inspect', ...question }, callTimeoutMs);
      return answerUnknownCalls(Buffer.from(filter, 'base64')).toString('base64');
    } finally {
      await this.askToRemove(place);
      roots.giveBack(root);
    }
  }

  private async removeOnce(name: string): Promise<void> {
    const entry = this.entries.get(name);
    const place = entry?.place ?? (await this.bundles.find(name));
    if (!place) return;
    if (entry) entry.isKilled = true;
    await this.askToRemove(place);
    if (!entry) return;
    this.entries.delete(name);
    entry.giveBackRoot();
    if (entry.pipes !== undefined && !entry.isStarted)
      await removePipes(entry.session.pipePaths(entry.pipes));
    entry.exit.resolve({ exitCode: killedExitCode, outOfMemory: false });
  }

  private async askToRemove(place: ContainerPlace): Promise<void> {
    const { launcher } = await this.sessions.current();
    const [cgroup, bundle] = [this.bundles.cgroupOf(place), this.bundles.bundleOf(place)];
    const question = { kind: 'remove', container: place.name, cgroup, bundle } as const;
    await launcher.ask(question, this.options.callTimeoutMs);
  }

  private async noteEnd(container: string, exitCode: number): Promise<void> {
    const entry = this.entries.get(container);
    if (!entry) return;
    const { isKilled, memoryBytes } = entry;
    entry.exit.resolve(
      isKilled
        ? { exitCode, outOfMemory: false }
        : await exitOf(this.cgroups, this.accountsOf(entry.place.name as ContainerId), {
            exitCode,
            memoryBytes,
          }),
    );
  }

  /** The kernel has ended all that the launcher ran. */
  private noteDeath(session: Session): void {
    for (const entry of this.entries.values()) {
      if (entry.session === session)
        entry.exit.resolve({ exitCode: killedExitCode, outOfMemory: false, withEngine: true });
    }
  }
}
