import { Inject, Injectable } from '@nestjs/common';
import { BindPolicy } from '../auth/http/bind-policy.js';
import { diskSpaceOf } from '../common/installation/disk-space.js';
import { Installation } from '../common/installation/installation.js';
import { softwareVersion } from '../common/software-version.js';
import { withDeadline } from '../common/time/cancellation.js';
import { Clock } from '../common/time/clock.js';
import { ContainerService } from '../container/container.service.js';
import { EngineHealth } from '../container/engine-health.js';
import { FunctionRegistry } from '../functions/function-registry.js';
import { FunctionStore } from '../functions/store/function-store.js';
import { healthSettings, type HealthSettings } from '../health/health.settings.js';
import { AdmissionService } from '../invocation/admission/admission.service.js';
import { RecordWriter } from '../records/record-writer.js';
import { defaultRuntime, type RuntimeName } from '../runtimes/runtime.js';
import { runtimesSettings, type RuntimesSettings } from '../runtimes/runtimes.settings.js';
import { SandboxService } from '../sandbox/sandbox.service.js';
import type { ServerHealth } from './attention.js';
import { Disk } from './disk.js';

/** Calls and containers at this moment. */
interface ServerLoad {
  readonly running: number;
  readonly waiting: number;
  readonly ready: number;
  readonly prewarmed: number;
  readonly keptMiB: number;
  readonly budgetMiB: number;
}

/** The server at this moment. */
export interface ServerFacts extends Omit<ServerHealth, 'recent'> {
  readonly startedAt: Date;
  readonly version: string;
  readonly load: ServerLoad;
  readonly disk: Disk | null;
}

/** What takes a question to the engine, the database or the disk. */
interface Inspection {
  readonly missingImages: readonly RuntimeName[];
  readonly disk: Disk | null;
  readonly isStoreUp: boolean;
}

/** How long an inspection holds: however many look at the server, it asks no more often. */
const inspectionAgeMs = 4000;

/** An engine that hangs does not hold up whoever asks; what was known of it before holds until it answers. */
const inspectionTimeoutMs = 1000;

const hourMs = 3_600_000;

/** Reads what the modules below know of themselves. */
@Injectable()
export class ServerFactsReader {
  private readonly startedAt: Date;
  private inspection: Inspection = { missingImages: [], disk: null, isStoreUp: true };
  private inspectedMs = Number.NEGATIVE_INFINITY;
  private inspecting: Promise<void> | undefined;

  constructor(
    private readonly engineHealth: EngineHealth,
    private readonly containers: ContainerService,
    private readonly sandboxes: SandboxService,
    private readonly admission: AdmissionService,
    private readonly registry: FunctionRegistry,
    private readonly store: FunctionStore,
    private readonly records: RecordWriter,
    private readonly bindPolicy: BindPolicy,
    private readonly installation: Installation,
    private readonly clock: Clock,
    @Inject(runtimesSettings.config.KEY) private readonly images: RuntimesSettings,
    @Inject(healthSettings.config.KEY) private readonly health: HealthSettings,
  ) {
    this.startedAt = clock.wallTime();
  }

  /** Never rejects. */
  async read(): Promise<ServerFacts> {
    await this.inspect();
    return {
      ...this.inspection,
      startedAt: this.startedAt,
      version: softwareVersion,
      load: this.load(),
      isEngineUp: this.engineHealth.reachable,
      reservedDiskMiB: this.health.freeDiskMiB,
      isOpenToOthers: this.bindPolicy.isOpenToOthers,
      lostRecords: this.records.hasDroppedWithin(hourMs) ? this.records.dropped : 0,
      leakedContainers: this.containers.leaked,
    };
  }

  private load(): ServerLoad {
    const { running, queued } = this.admission.counts;
    const { waiting, ready, prewarmed, kept, budget } = this.sandboxes.snapshot();
    return {
      running: Math.max(0, running - waiting),
      waiting: queued + waiting,
      ready,
      prewarmed,
      keptMiB: kept.memoryMiB,
      budgetMiB: budget.memoryMiB,
    };
  }

  /** Those who ask at once share one inspection. */
  private async inspect(): Promise<void> {
    if (this.clock.monotonicMs() - this.inspectedMs < inspectionAgeMs) return;
    this.inspecting ??= this.look().finally(() => {
      this.inspectedMs = this.clock.monotonicMs();
      this.inspecting = undefined;
    });
    await withDeadline(this.clock, this.inspecting, {
      withinMs: inspectionTimeoutMs,
      onTimeout: () => new Error('too slow'),
    }).catch(() => undefined);
  }

  private async look(): Promise<void> {
    const [space, isStoreUp] = await Promise.all([
      diskSpaceOf(this.installation.directory),
      this.checkStore(),
    ]);
    this.inspection = { ...this.inspection, disk: space ? new Disk(space) : null, isStoreUp };
    this.inspection = { ...this.inspection, missingImages: await this.lookForImages() };
  }

  private async lookForImages(): Promise<RuntimeName[]> {
    const used = new Set([defaultRuntime, ...this.registry.list().map(({ settings }) => settings.runtime)]);
    const missing: RuntimeName[] = [];
    for (const runtime of used) {
      const { reachable, imagePresent } = await this.engineHealth.status(this.images[runtime]);
      if (reachable && !imagePresent) missing.push(runtime);
    }
    return missing;
  }

  private async checkStore(): Promise<boolean> {
    return this.store.check().then(
      () => true,
      () => false,
    );
  }
}
