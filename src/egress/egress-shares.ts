import { FairRate } from '../common/budgets/fair-rate.js';
import { SharedBudget } from '../common/budgets/shared-budget.js';
import { shareOf, type FairShareSettings } from '../common/budgets/fair-share.settings.js';
import type { Clock } from '../common/time/clock.js';
import { type EgressCode, egressCodes } from '../ipc/protocol/egress.js';
import { type EgressLimit, egressLimits } from './egress-refusal.js';
import type { EgressSettings } from './egress.settings.js';

const bytesPerMiB = 1024 * 1024;

/** What a chunk counts at least: a single byte takes this process as long as this many. */
const leastChunkBytes = 8 * 1024;

/** What may be carried at once: more than comes back before a waiting relay is woken, or time would be lost. */
const bytesBurstMs = 250;

/** Lines a second in the server's log about what containers did not get, all functions together. */
const linesPerSecond = 20;
/** How many at once, as the time that they take to come back. */
const linesBurstMs = 10_000;

/** What the egress of all containers shares. Each function has its share, by its id, over all of its containers. */
export class EgressShares {
  /** For requests that are being served now. */
  readonly permits: SharedBudget;
  /** Requests for connections and names. */
  readonly requests: FairRate;
  readonly logLines: FairRate;
  private readonly bytes: FairRate;

  constructor(clock: Clock, settings: EgressSettings, { functionPercent }: FairShareSettings) {
    const { serverConnections, serverConnectionsPerSecond, serverMibPerSecond } = settings;
    const limitsOf = (total: number) => ({ total, share: shareOf(total, functionPercent) });
    this.permits = new SharedBudget(limitsOf(serverConnections));
    this.requests = new FairRate(clock, { ...limitsOf(serverConnectionsPerSecond), burstMs: 1000 });
    this.bytes = new FairRate(clock, {
      ...limitsOf(serverMibPerSecond * bytesPerMiB),
      burstMs: bytesBurstMs,
    });
    this.logLines = new FairRate(clock, { ...limitsOf(linesPerSecond), burstMs: linesBurstMs });
  }

  /** The pace at which a function's bytes are carried: beyond it they wait, and none is lost. */
  paceOf(functionId: string): Pace {
    return {
      carried: (bytes) => {
        this.bytes.spend(functionId, Math.max(bytes, leastChunkBytes));
      },
      isSpent: () => this.bytes.isSpent(functionId),
      whenAgain: (action) => this.bytes.whenAgain(functionId, action),
    };
  }
}

export interface Pace {
  carried(bytes: number): void;
  /** Whether to read nothing more for now. */
  isSpent(): boolean;
  whenAgain(action: () => void): () => void;
}

/** Totals since the start, over all containers; `sockets` and `open` are of now. For metrics and tests. */
export class EgressCounters {
  /** Connections of containers to their egress sockets, in whatever state. */
  sockets = 0;
  /** Requests that are being looked up, connected or carried. */
  open = 0;
  opened = 0;
  bytesOut = 0;
  bytesIn = 0;
  /** Refused requests, for whatever reason, by code. */
  readonly refused = countsOf<EgressCode>(egressCodes);
  /** Those that a limit refused, by limit. */
  readonly limited = countsOf<EgressLimit>(egressLimits);
}

function countsOf<Key extends string>(keys: readonly Key[]): Record<Key, number> {
  return Object.fromEntries(keys.map((key) => [key, 0])) as Record<Key, number>;
}
