import { Inject, Injectable } from '@nestjs/common';
import { Log } from '../../common/log/log.js';
import { Clock } from '../../common/time/clock.js';
import type { Sandbox } from '../sandbox.js';
import { sandboxSettings, type SandboxSettings } from '../sandbox.settings.js';
import type { FunctionPool } from './function-pool.js';
import { ReadyPools } from './ready-pools.js';

/** CPU time of an idle container at a moment. */
export interface CpuSample {
  readonly atMs: number;
  readonly usedMs: number;
  /** Calls that it had served by then. */
  readonly callsServed: number;
}

/** Shorter spans would count the end of loading as work. */
const shortestSpanMs = 2000;

/** Whether no call ran between two samples: a call may use the CPU. */
export function wasIdle(earlier: CpuSample, later: CpuSample): boolean {
  return earlier.callsServed === later.callsServed;
}

/** Share of one core used between two samples, in per cent; undefined when they are too close to tell. */
export function cpuPercentBetween(earlier: CpuSample, later: CpuSample): number | undefined {
  const spanMs = later.atMs - earlier.atMs;
  return spanMs < shortestSpanMs ? undefined : (100 * (later.usedMs - earlier.usedMs)) / spanMs;
}

/**
 * An idle container may not use the CPU: one whose top-level code keeps a core busy is removed, and its function gets
 * containers on demand from then on. A reading by the engine takes some 20 ms, so only one container is read at a time,
 * the one read longest ago first.
 */
@Injectable()
export class IdleGuard {
  private readonly samples = new WeakMap<Sandbox, CpuSample>();
  private isReading = false;

  constructor(
    private readonly pools: ReadyPools,
    private readonly clock: Clock,
    private readonly log: Log,
    @Inject(sandboxSettings.config.KEY) private readonly settings: SandboxSettings,
  ) {}

  async inspectOne(): Promise<void> {
    const candidate = this.leastRecentlyRead();
    if (!candidate || this.isReading) return;
    this.isReading = true;
    try {
      await this.inspect(candidate.pool, candidate.sandbox);
    } catch (error) {
      // A container that is just being removed cannot be read; the next round reads another.
      this.log.debug({ err: error }, 'could not read the CPU time of an idle container');
    } finally {
      this.isReading = false;
    }
  }

  private async inspect(pool: FunctionPool, sandbox: Sandbox): Promise<void> {
    const { callsServed } = sandbox;
    const usedMs = await sandbox.container.cpuTimeMs();
    const sample = { usedMs, atMs: this.clock.monotonicMs(), callsServed };
    const last = this.samples.get(sandbox);
    const earlier = last && wasIdle(last, sample) ? last : undefined;
    const percent = earlier && cpuPercentBetween(earlier, sample);
    if (!earlier || percent !== undefined) this.samples.set(sandbox, sample);
    // It may have served a whole call while the answer was on its way.
    if (sandbox.callsServed !== callsServed) return;
    // A sandbox that has been given a call meanwhile may work.
    if (percent === undefined || percent <= this.settings.idleCpuPercent || !pool.drop(sandbox)) return;
    pool.onDemandOnly = true;
    this.pools.counters.idleBusy += 1;
    sandbox.output.say(
      'warn',
      `A container used ${Math.round(percent)} % of a processor while no call ran, and was removed. From now on containers are created only when calls arrive: let your top-level code finish its work.`,
    );
    this.pools.removals.remove(sandbox);
    this.log.warn(
      { function: pool.deployed.name, percent: Math.round(percent) },
      'a container used the CPU while it was idle and was removed; its function now gets containers on demand',
    );
  }

  private leastRecentlyRead(): { pool: FunctionPool; sandbox: Sandbox } | undefined {
    let least: { pool: FunctionPool; sandbox: Sandbox } | undefined;
    let oldestMs = Number.POSITIVE_INFINITY;
    for (const idle of this.pools.idle()) {
      const readAtMs = this.samples.get(idle.sandbox)?.atMs ?? Number.NEGATIVE_INFINITY;
      if (readAtMs >= oldestMs) continue;
      least = idle;
      oldestMs = readAtMs;
    }
    return least;
  }
}
