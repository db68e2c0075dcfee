import { Inject, Injectable } from '@nestjs/common';
import { Clock, type CancelTimer } from '../common/time/clock.js';
import { containerSettings, type ContainerSettings } from './container.settings.js';
import { ContainerEngine, EngineError } from './engine/container-engine.js';

export interface EngineStatus {
  readonly reachable: boolean;
  readonly imagePresent: boolean;
}

const down: EngineStatus = { reachable: false, imagePresent: false };

/** How long a status holds, so that health checks cannot keep the engine busy. */
const statusAgeMs = 1000;

/**
 * A circuit breaker in front of the engine: once the engine did not answer, calls fail at once until a probe succeeds. A
 * single call that timed out proves nothing, so it only causes a probe.
 */
@Injectable()
export class EngineHealth {
  private up = true;
  private stopped = false;
  private cancelProbe: CancelTimer | undefined;
  private probing: Promise<void> | undefined;
  private lastLook:
    { readonly atMs: number; readonly image: string; readonly status: Promise<EngineStatus> } | undefined;
  private readonly recoveryListeners: (() => void)[] = [];

  constructor(
    private readonly engine: ContainerEngine,
    private readonly clock: Clock,
    @Inject(containerSettings.config.KEY) private readonly settings: ContainerSettings,
  ) {}

  /** False from the first unanswered call until a probe succeeds. */
  get reachable(): boolean {
    return this.up;
  }

  /** Asks the engine, or rejects at once as `unreachable` while it is known to be down. */
  async ask<T>(call: () => Promise<T>): Promise<T> {
    if (!this.up)
      throw new EngineError('unreachable', 'the engine did not answer before and has not been back since');
    try {
      return await call();
    } catch (error) {
      this.learnFrom(error);
      throw error;
    }
  }

  /** Pings the engine and updates the state; concurrent probes share one ping. */
  probe(): Promise<void> {
    this.probing ??= this.engine
      .ping()
      .then(
        () => {
          this.cameUp();
        },
        () => {
          this.wentDown();
        },
      )
      .finally(() => {
        this.probing = undefined;
      });
    return this.probing;
  }

  /** For readiness checks: at most a second old. Never rejects; answers at once while the engine is known to be down. */
  status(image: string): Promise<EngineStatus> {
    if (!this.up) return Promise.resolve(down);
    const nowMs = this.clock.monotonicMs();
    const last = this.lastLook;
    if (last?.image === image && nowMs - last.atMs < statusAgeMs) return last.status;
    const status = this.look(image);
    this.lastLook = { atMs: nowMs, image, status };
    return status;
  }

  /** Which engine it is; null while it is down. Never rejects. */
  version(): Promise<string | null> {
    return this.ask(() => this.engine.version()).catch(() => null);
  }

  /** `listener` runs each time the engine is back. */
  onRecovered(listener: () => void): void {
    this.recoveryListeners.push(listener);
  }

  /** No probe runs after this. */
  stop(): void {
    this.stopped = true;
    this.cancelProbe?.();
  }

  private async look(image: string): Promise<EngineStatus> {
    await this.probe();
    try {
      return { reachable: true, imagePresent: await this.ask(() => this.engine.hasImage(image)) };
    } catch {
      return { reachable: this.up, imagePresent: false };
    }
  }

  private learnFrom(error: unknown): void {
    if (!(error instanceof EngineError)) return;
    if (error.kind === 'unreachable') this.wentDown();
    if (error.kind === 'timeout') void this.probe();
  }

  private wentDown(): void {
    this.up = false;
    this.lastLook = undefined;
    this.cancelProbe?.();
    if (this.stopped) return;
    this.cancelProbe = this.clock.schedule(this.settings.probeIntervalMs, () => void this.probe());
  }

  private cameUp(): void {
    this.cancelProbe?.();
    if (this.up) return;
    this.up = true;
    for (const listener of this.recoveryListeners) listener();
  }
}
