import { Inject, Injectable } from '@nestjs/common';
import { Log } from '../../common/log/log.js';
import { Clock } from '../../common/time/clock.js';
import type { Sandbox } from '../sandbox.js';
import { sandboxSettings, type SandboxSettings } from '../sandbox.settings.js';
import type { FunctionPool } from './function-pool.js';
import { ReadyPools } from './ready-pools.js';

/** CPU time of a waiting container at a moment. */
export interface CpuSample {
  readonly atMs: number;
  readonly usedMs: number;
  /** Calls that it had served by then. */
  readonly callsServed: number;
}

/** Shorter spans would count the end of loading as work. */
const shortestSpanMs = 2000;

/** Whether it did nothing but wait between two samples: what it used for a call is no reproach. */
export function hasOnlyWaited(earlier: CpuSample, later: CpuSample): boolean {
  return earlier.callsServed === later.callsServed;
}

/** Share of one core used between two samples, in per cent; undefined when they are too close to tell. */
export function cpuPercentBetween(earlier: CpuSample, later: CpuSample): number | undefined {
  const spanMs = later.atMs - earlier.atMs;
  return spanMs < shortestSpanMs ? undefined : (100 * (later.usedMs - earlier.usedMs)) / spanMs;
}

/**
 * A ready container may not work while it waits: one whose top-level code keeps a core busy is removed, and its
 * function is made on demand from then on. Where the engine is asked, one reading takes it some 20 ms, so it is one
 * container at a time, the longest unasked first.
 */
@Injectable()
export class RestGuard {
  private readonly samples = new WeakMap<Sandbox, CpuSample>();
  private asking = false;

  constructor(
    private readonly pools: ReadyPools,
    private readonly clock: Clock,
    private readonly log: Log,
    @Inject(sandboxSettings.config.KEY) private readonly settings: SandboxSettings,
  ) {}

  async inspectOne(): Promise<void> {
    const candidate = this.longestUnasked();
    if (!candidate || this.asking) return;
    this.asking = true;
    try {
      await this.inspect(candidate.pool, candidate.sandbox);
    } catch (error) {
      // A container that is just being removed cannot be read; the next round asks another.
      this.log.debug({ err: error }, 'could not read the CPU time of a waiting container');
    } finally {
      this.asking = false;
    }
  }

  private async inspect(pool: FunctionPool, sandbox: Sandbox): Promise<void> {
    const { callsServed } = sandbox;
    const usedMs = await sandbox.container.cpuTimeMs();
    const sample = { usedMs, atMs: this.clock.monotonicMs(), callsServed };
    const last = this.samples.get(sandbox);
    const earlier = last && hasOnlyWaited(last, sample) ? last : undefined;
    const percent = earlier && cpuPercentBetween(earlier, sample);
    if (!earlier || percent !== undefined) this.samples.set(sandbox, sample);
    // It may have served a whole call while the answer was on its way.
    if (sandbox.callsServed !== callsServed) return;
    // A sandbox that has meanwhile been given a call is allowed to work.
    if (percent === undefined || percent <= this.settings.waitingCpuPercent || !pool.drop(sandbox)) return;
    pool.onDemandOnly = true;
    this.pools.counters.busyWaiting += 1;
    sandbox.output.say(
      'warn',
      `A container used ${Math.round(percent)} % of a processor while no call ran, and was removed. Containers are made when calls come from now on: let top-level code come to rest.`,
    );
    this.pools.dispose(sandbox);
    this.log.warn(
      { function: pool.deployed.name, percent: Math.round(percent) },
      'a container used the CPU while it waited and was removed; its function is now made on demand',
    );
  }

  private longestUnasked(): { pool: FunctionPool; sandbox: Sandbox } | undefined {
    let longest: { pool: FunctionPool; sandbox: Sandbox } | undefined;
    let oldestMs = Number.POSITIVE_INFINITY;
    for (const resting of this.pools.resting()) {
      const askedAtMs = this.samples.get(resting.sandbox)?.atMs ?? Number.NEGATIVE_INFINITY;
      if (askedAtMs >= oldestMs) continue;
      longest = resting;
      oldestMs = askedAtMs;
    }
    return longest;
  }
}
