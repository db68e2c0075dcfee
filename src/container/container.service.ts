import { randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { Semaphore, sharedByAll } from '../common/concurrency/semaphore.js';
import { Installation } from '../common/installation/installation.js';
import { Log } from '../common/log/log.js';
import { Clock, type CancelTimer } from '../common/time/clock.js';
import { withDeadline } from '../common/time/cancellation.js';
import * as refused from './container-errors.js';
import { launchContainer, type LaunchedContainer } from './launched-container.js';
import { ContainerRegistry, type RequestedContainer, UidPool } from './container-registry.js';
import { ContainerReaper } from './container-reaper.js';
import { containerName, containerSpec, type LaunchRequest, OwnFiles } from './container-spec.js';
import type { ContainerMove } from './container-state.js';
import { containerSettings, type ContainerSettings } from './container.settings.js';
import { EngineHealth } from './engine-health.js';
import { ContainerEngine, EngineError, type ContainerOwner } from './engine/container-engine.js';
import { ImageBuilder, ImageSupply } from './image-builder.js';

/** Owns every container from the request for it until the engine no longer has it. Nothing else creates or removes one. */
@Injectable()
export class ContainerService {
  /** This run of the server, so that names never meet those of an earlier one. */
  private readonly instance = randomBytes(3).toString('hex');
  private readonly uids: UidPool;
  private readonly containers: ContainerRegistry;
  private readonly launches: Semaphore;
  private readonly reaper: ContainerReaper;
  private readonly images: ImageSupply;
  private counter = 0;
  private draining: Promise<void> | undefined;
  private cancelSweep: CancelTimer | undefined;

  constructor(
    private readonly engine: ContainerEngine,
    private readonly health: EngineHealth,
    private readonly clock: Clock,
    private readonly installation: Installation,
    private readonly files: OwnFiles,
    builder: ImageBuilder,
    private readonly log: Log,
    @Inject(containerSettings.config.KEY) private readonly settings: ContainerSettings,
  ) {
    this.launches = new Semaphore({
      permits: sharedByAll(settings.parallelLaunches),
      queue: sharedByAll(settings.launchesWaiting),
    });
    this.uids = new UidPool(settings.uidFirst, settings.uidFirst + settings.uidCount - 1);
    this.containers = new ContainerRegistry(clock, this.uids);
    this.reaper = new ContainerReaper(engine, health, clock, {
      parallelRemovals: settings.parallelRemovals,
      firstPauseMs: settings.reaperFirstPauseMs,
      longestPauseMs: settings.reaperLongestPauseMs,
    });
    this.images = new ImageSupply(builder, clock, log);
    this.containers.onMove(({ name, to, cause }) => {
      if (to === 'leaked') log.warn({ container: name, err: cause }, 'a container could not be removed yet');
    });
    health.onRecovered(() => {
      this.reaper.retryNow();
      void this.sweepQuietly();
    });
  }

  private get owner(): ContainerOwner {
    return { installation: this.installation.node.id, instance: this.instance };
  }

  /** Containers that the engine has, or may have, short of the leaked ones. */
  get running(): number {
    return this.containers.size - this.containers.leaked;
  }

  /** Containers that could not be removed yet. */
  get leaked(): number {
    return this.containers.leaked;
  }

  /** User ids in use; one for each container until it is removed. */
  get uidsInUse(): number {
    return this.containers.uidsInUse;
  }

  /** Calls `listener` at every move of every container; it must not throw. */
  onMove(listener: (move: ContainerMove) => void): void {
    this.containers.onMove(listener);
  }

  /** Removes what an earlier server left before calls are accepted; an engine that is down delays nothing. */
  async start(): Promise<void> {
    // Servers that share a machine start with different ids of the range.
    this.uids.beginAt(Number.parseInt(this.installation.node.id, 16));
    await this.health.probe();
    await this.sweepQuietly();
    this.sweepLater();
  }

  /**
   * A running container. Rejects with a `DomainError`: DRAINING, OVERLOADED (too many launches wait, or too many
   * containers), RUNTIME_UNAVAILABLE or IMAGE_MISSING; nothing is left behind then, though a removal may still run.
   */
  async launch(request: LaunchRequest): Promise<LaunchedContainer> {
    try {
      return await this.launchOnce(request);
    } catch (error) {
      // Check only after a failure: nearly every image is there, and its launches need no check.
      if (isMissingImage(error)) request.onMissingImage?.();
      if (!isMissingImage(error) || !(await this.images.supply(request.program))) {
        throw refused.launchFailure(error, request.program.runtime);
      }
    }
    return this.launchOnce(request).catch((error: unknown) => {
      throw refused.launchFailure(error, request.program.runtime);
    });
  }

  /** Whether containers can have this `ociRuntime`. Rejects with RUNTIME_UNAVAILABLE while the engine cannot say. */
  async hasOciRuntime(name: string): Promise<boolean> {
    try {
      return await this.health.ask(() => this.engine.hasOciRuntime(name));
    } catch (error) {
      throw refused.unavailable(error);
    }
  }

  /** Removes this installation's containers that are not known here; resolves to their number. */
  async sweep(): Promise<number> {
    const owned = await this.health.ask(() => this.engine.listOwned(this.owner.installation));
    const strays = owned.filter(({ name }) => !this.containers.has(name));
    await Promise.all(strays.map(({ name }) => this.reaper.remove(this.containers.found(name))));
    return strays.length;
  }

  /**
   * Refuses launches from now on, removes every container and waits, within the setting's limit, until the engine has
   * none. The next start finds what could not be removed by then. Never rejects.
   */
  drain(): Promise<void> {
    this.draining ??= this.drainOnce();
    return this.draining;
  }

  private async launchOnce(request: LaunchRequest): Promise<LaunchedContainer> {
    this.assertAvailable();
    const permit = this.launches.acquire();
    if (typeof permit === 'string') throw refused.launchesFull();
    const release = await permit;
    try {
      // This may have changed while it waited.
      this.assertAvailable();
      return await this.createAndStart(request);
    } finally {
      release();
    }
  }

  private async createAndStart(request: LaunchRequest): Promise<LaunchedContainer> {
    this.counter += 1;
    const name = containerName(this.owner, this.counter);
    const entry = this.containers.request(name);
    if (!entry) throw refused.launchesFull();
    await this.writeOwnFiles(request, entry);
    const { engine, health, reaper, clock, settings } = this;
    const ociRuntime = settings.ociRuntime || engine.usualRuntime();
    const identity = { name, owner: this.owner, uid: entry.uid };
    const spec = containerSpec(request, identity, { ...settings, ociRuntime });
    const context = { engine, health, reaper, clock, ...settings, pids: spec.policy.limits.processes };
    const container = await launchContainer(spec, entry.lifecycle, context);
    if (!this.draining) return container;
    void container.remove();
    throw refused.draining();
  }

  private async writeOwnFiles({ runDirectory }: LaunchRequest, { uid, lifecycle }: RequestedContainer) {
    try {
      await this.files.write(runDirectory, uid);
    } catch (error) {
      lifecycle.move('removed');
      // Mostly a full disk: the caller learns that the platform is short of a resource, and the log says which.
      throw refused.unavailable(error);
    }
  }

  private assertAvailable(): void {
    if (this.draining) throw refused.draining();
    if (!this.health.reachable) throw refused.unavailable();
  }

  private sweepLater(): void {
    if (this.draining) return;
    this.cancelSweep = this.clock.schedule(this.settings.sweepIntervalMs, () => {
      void this.sweepQuietly().finally(() => {
        this.sweepLater();
      });
    });
  }

  private async sweepQuietly(): Promise<void> {
    try {
      const found = await this.sweep();
      if (found > 0) this.log.warn({ found }, 'removed containers that no server was using');
    } catch (error) {
      this.log.warn({ err: error }, 'could not look for containers that were left behind');
    }
  }

  private async drainOnce(): Promise<void> {
    this.cancelSweep?.();
    // A running launch notices the drain when it ends.
    for (const lifecycle of this.containers.settled()) void this.reaper.remove(lifecycle);
    const onTimeout = () => new Error('The engine did not remove every container in time.');
    const { drainTimeoutMs: withinMs } = this.settings;
    try {
      await withDeadline(this.clock, this.containers.emptied(), { withinMs, onTimeout });
      // A create that timed out may have come through since.
      await this.sweepQuietly();
    } catch (error) {
      this.log.error(
        { err: error, left: this.containers.size },
        'some containers could not be removed in time',
      );
    }
    this.reaper.stop();
    this.health.stop();
  }
}

function isMissingImage(error: unknown): boolean {
  return error instanceof EngineError && error.kind === 'image-missing';
}
