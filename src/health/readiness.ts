import { Inject, Injectable, ServiceUnavailableException } from '@nestjs/common';
import { HealthCheckService, HealthIndicatorService, type HealthCheckResult } from '@nestjs/terminus';
import { statfs } from 'node:fs/promises';
import { Installation } from '../common/installation/installation.js';
import { Clock } from '../common/time/clock.js';
import { withDeadline } from '../common/time/deadline.js';
import { EngineHealth } from '../container/engine-health.js';
import { FunctionStore } from '../functions/store/function-store.js';
import { RunningCalls } from '../invocation/running-calls.js';
import { defaultRuntime } from '../runtimes/runtime.js';
import { runtimesSettings, type RuntimesSettings } from '../runtimes/runtimes.settings.js';
import { healthSettings, type HealthSettings } from './health.settings.js';

/** What to do about a check that failed, for the operator; undefined when it passed. */
type Complaint = string | undefined;

/** Whether calls can be served, check by check; each has a time limit, so the whole has. */
@Injectable()
export class Readiness {
  private checking: Promise<HealthCheckResult> | undefined;

  constructor(
    private readonly checks: HealthCheckService,
    private readonly indicators: HealthIndicatorService,
    private readonly engineHealth: EngineHealth,
    private readonly store: FunctionStore,
    private readonly runningCalls: RunningCalls,
    private readonly installation: Installation,
    private readonly clock: Clock,
    @Inject(runtimesSettings.config.KEY) private readonly images: RuntimesSettings,
    @Inject(healthSettings.config.KEY) private readonly settings: HealthSettings,
  ) {}

  /**
   * Never rejects because of a failed check: the result's `status` says it. Anybody may ask, so those who ask at once
   * share one look.
   */
  check(): Promise<HealthCheckResult> {
    this.checking ??= this.look().finally(() => {
      this.checking = undefined;
    });
    return this.checking;
  }

  private async look(): Promise<HealthCheckResult> {
    try {
      return await this.checks.check([
        () => this.indicate('engine', this.engineComplaint()),
        () => this.indicate('image', this.imageComplaint()),
        () => this.indicate('store', this.storeComplaint()),
        () => this.indicate('disk', this.diskComplaint()),
        () => this.indicate('accepting', this.acceptingComplaint()),
      ]);
    } catch (error) {
      if (error instanceof ServiceUnavailableException) return error.getResponse() as HealthCheckResult;
      throw error;
    }
  }

  private async indicate(name: string, check: Promise<Complaint>) {
    const indicator = this.indicators.check(name);
    const complaint = await withDeadline(this.clock, check, {
      withinMs: this.settings.checkTimeoutMs,
      onTimeout: () => new Error('too slow'),
    }).catch(() => 'It did not answer in time.');
    return complaint === undefined ? indicator.up() : indicator.down({ message: complaint });
  }

  private async engineComplaint(): Promise<Complaint> {
    const { reachable } = await this.engineHealth.status(this.images[defaultRuntime]);
    return reachable ? undefined : 'The container engine does not answer; start it.';
  }

  private async imageComplaint(): Promise<Complaint> {
    const { imagePresent } = await this.engineHealth.status(this.images[defaultRuntime]);
    return imagePresent ? undefined : 'The container engine has no worker image; build it.';
  }

  private async storeComplaint(): Promise<Complaint> {
    return this.store.check().then(
      () => undefined,
      () => 'The store cannot be read and written; see the log.',
    );
  }

  private async diskComplaint(): Promise<Complaint> {
    const { bavail, bsize } = await statfs(this.installation.directory);
    const freeMiB = Math.floor((bavail * bsize) / 1024 / 1024);
    return freeMiB >= this.settings.freeDiskMiB ? undefined : `Only ${freeMiB} MiB of the disk are free.`;
  }

  private async acceptingComplaint(): Promise<Complaint> {
    return Promise.resolve(this.runningCalls.isDraining ? 'The server is shutting down.' : undefined);
  }
}
