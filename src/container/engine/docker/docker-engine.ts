import Docker from 'dockerode';
import type { ReadScheduler } from '../../../common/read-scheduler/read-scheduler.js';
import type { Clock } from '../../../common/time/clock.js';
import { withDeadline } from '../../../common/time/cancellation.js';
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
import { followOutput } from '../followed-output.js';
import { writeHostsFile } from '../hosts-file.js';
import { CgroupUsage } from '../cgroup-usage.js';
import { createRequest, installationLabels } from './create-request.js';
import { dockerGroups } from './docker-groups.js';
import { toEngineError } from './docker-errors.js';
import { FrameDemuxer } from './frame-demuxer.js';

export interface DockerEngineOptions {
  /** Path of the engine's Unix socket. Another transport would reach the engine over a network, which is never safe. */
  readonly socketPath: string;
  readonly pingTimeoutMs: number;
  readonly attachTimeoutMs: number;
  /** For create, start, remove, list and statistics, each. */
  readonly callTimeoutMs: number;
}

/** What the engine's kernel reports with: killed by SIGKILL, perhaps for memory. */
const killedExitCode = 137;
/** The engine learns of an out-of-memory kill from another event than the exit's, usually within this time. */
const memoryKillNewsMs = 1000;
const memoryKillPollMs = 100;
const nanosecondsPerMs = 1_000_000;

/** The engine of Docker, over its own socket. The API version is the engine's own: none is pinned. */
export class DockerEngine extends ContainerEngine {
  private readonly docker: Docker;
  private readonly cgroups = new CgroupUsage(dockerGroups);

  constructor(
    private readonly clock: Clock,
    private readonly readScheduler: ReadScheduler,
    private readonly options: DockerEngineOptions,
  ) {
    super();
    // The package reads DOCKER_HOST where no host is given; an explicit undefined keeps the socket the only way.
    this.docker = new Docker({ socketPath: options.socketPath, host: undefined, protocol: 'http' });
  }

  override async ping(): Promise<void> {
    // The package's types forget that ping takes options.
    const docker = this.docker as unknown as {
      ping(options: { abortSignal: AbortSignal }): Promise<unknown>;
    };
    await this.call('ping', this.options.pingTimeoutMs, (abortSignal) => docker.ping({ abortSignal }));
  }

  override async version(): Promise<string> {
    const { Version } = await this.call('version', this.options.callTimeoutMs, () => this.docker.version());
    return `Docker Engine ${Version}`;
  }

  override async hasImage(reference: string): Promise<boolean> {
    const inspecting = this.call('image', this.options.callTimeoutMs, () =>
      this.docker.getImage(reference).inspect(),
    );
    return inspecting.then(
      () => true,
      (error: unknown) => {
        if (error instanceof EngineError && error.kind === 'gone') return false;
        throw error;
      },
    );
  }

  override async hasOciRuntime(name: string): Promise<boolean> {
    const info = (await this.call('info', this.options.callTimeoutMs, () => this.docker.info())) as {
      readonly Runtimes?: Readonly<Record<string, unknown>>;
    };
    return Object.hasOwn(info.Runtimes ?? {}, name);
  }

  override async create(spec: ContainerSpec): Promise<ContainerId> {
    const body = createRequest(spec);
    await writeHostsFile(spec.policy).catch((error: unknown) => {
      throw new EngineError('refused', 'create: the hosts file cannot be written', { cause: error });
    });
    const created = await this.call('create', this.options.callTimeoutMs, (abortSignal) =>
      // Passed separately, because the package would otherwise repeat the whole body in the URL.
      this.docker.createContainer({ _query: { name: spec.name }, _body: body, abortSignal } as object),
    );
    return created.id as ContainerId;
  }

  override async attach(id: ContainerId, onOutput: OutputListener): Promise<ContainerOutput> {
    const query = { stream: true, stdout: true, stderr: true };
    const stream = await this.call('attach', this.options.attachTimeoutMs, (abortSignal) =>
      this.container(id).attach({ _query: query, _body: {}, abortSignal } as object),
    );
    const demuxer = new FrameDemuxer(onOutput);
    return followOutput(stream, demuxer, this.readScheduler, this.clock);
  }

  override async start(id: ContainerId): Promise<void> {
    await this.call('start', this.options.callTimeoutMs, (abortSignal) =>
      this.container(id).start({ abortSignal }),
    );
  }

  override wait(id: ContainerId, signal: AbortSignal): Promise<ContainerExit> {
    return untilGivenUp('wait', signal, async () => {
      const exitCode = await this.exitCode(id, signal);
      return { exitCode, outOfMemory: await this.ranOutOfMemory(id, exitCode, signal) };
    });
  }

  override async ended(id: ContainerId, signal: AbortSignal): Promise<void> {
    await untilGivenUp('ended', signal, () => this.exitCode(id, signal));
  }

  override async remove(idOrName: ContainerId | string): Promise<void> {
    const removing = this.call('remove', this.options.callTimeoutMs, (abortSignal) => {
      const options = { force: true, v: true, abortSignal };
      return this.container(idOrName).remove(options);
    });
    await removing.catch((error: unknown) => {
      if (!(error instanceof EngineError && error.kind === 'gone')) throw error;
    });
  }

  override async listOwned(installation: string): Promise<OwnedContainer[]> {
    const label = Object.entries(installationLabels(installation)).map(([key, value]) => `${key}=${value}`);
    const listed = await this.call('list', this.options.callTimeoutMs, (abortSignal) =>
      this.docker.listContainers({ all: true, filters: { label }, abortSignal }),
    );
    return listed.map(({ Id, Names }) => ({
      id: Id as ContainerId,
      // The engine writes names with a leading slash.
      name: (Names[0] ?? '').replace(/^\//, ''),
    }));
  }

  override async cpuTimeMs(id: ContainerId): Promise<number> {
    const { cpuTimeMs } = this.cgroups.of(id);
    if (cpuTimeMs !== null) return cpuTimeMs;
    const stats = await this.call('statistics', this.options.callTimeoutMs, (abortSignal) => {
      // Without one-shot the engine measures twice, a second apart.
      const options = { stream: false as const, 'one-shot': true, abortSignal };
      return this.container(id).stats(options);
    });
    return stats.cpu_stats.cpu_usage.total_usage / nanosecondsPerMs;
  }

  override usage(id: ContainerId): Promise<ContainerUsage> {
    return Promise.resolve(this.cgroups.of(id));
  }

  override memoryKills(id: ContainerId): Promise<MemoryKills> {
    return Promise.resolve(this.cgroups.memoryKillsOf(id));
  }

  override processes(id: ContainerId): Promise<number | null> {
    return Promise.resolve(this.cgroups.processesOf(id));
  }

  private container(idOrName: string) {
    return this.docker.getContainer(idOrName);
  }

  private async exitCode(id: ContainerId, signal: AbortSignal): Promise<number> {
    const waited = (await this.container(id).wait({ abortSignal: signal })) as { StatusCode: number };
    return waited.StatusCode;
  }

  /** Only a SIGKILL can be the kernel's doing, so only then is the late news worth waiting for. */
  private async ranOutOfMemory(id: ContainerId, exitCode: number, signal: AbortSignal): Promise<boolean> {
    const untilMs = this.clock.monotonicMs() + (exitCode === killedExitCode ? memoryKillNewsMs : 0);
    for (;;) {
      const { State } = await this.container(id).inspect({ abortSignal: signal });
      if (State.OOMKilled || this.clock.monotonicMs() >= untilMs) return State.OOMKilled;
      await new Promise<void>((resolve) => this.clock.schedule(memoryKillPollMs, resolve));
    }
  }

  /** One call with its time limit; on the limit the request is aborted, so that nothing of it stays behind. */
  private async call<T>(
    operation: string,
    withinMs: number,
    ask: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const controller = new AbortController();
    const onTimeout = () => {
      controller.abort();
      return new EngineError('timeout', `${operation}: no answer within ${withinMs} ms`);
    };
    try {
      return await withDeadline(this.clock, ask(controller.signal), { withinMs, onTimeout });
    } catch (error) {
      throw toEngineError(operation, error);
    }
  }
}

/** A call that lasts as long as a container does, or until its caller no longer wants to know. */
async function untilGivenUp<T>(operation: string, signal: AbortSignal, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (!signal.aborted) throw toEngineError(operation, error);
    throw new EngineError('timeout', `${operation}: given up by the caller`, { cause: error });
  }
}
