import { FairRate } from '../common/budgets/fair-rate.js';
import { SharedBudget } from '../common/budgets/shared-budget.js';
import { shareOf, type FairShareSettings } from '../common/budgets/fair-share.settings.js';
import type { Clock } from '../common/time/clock.js';
import type { EgressSettings } from './egress.settings.js';

const bytesPerMiB = 1024 * 1024;

/** A byte alone takes this process as long as so many together: what a piece counts at least. */
const leastPieceBytes = 8 * 1024;

/** What may be carried at once; longer than who waits is woken after, or time would be lost. */
const bytesBurstMs = 250;

/** Lines a second in the server's log about what containers did not get, all functions together. */
const linesPerSecond = 20;
/** How many at once, as the time that they take to come again. */
const linesBurstMs = 10_000;

/** What all ways out share, and each function has its part of: by the function's id, over all of its containers. */
export class EgressShares {
  /** Of what is asked for and carried now. */
  readonly places: SharedBudget;
  /** Connections and names asked for. */
  readonly requests: FairRate;
  readonly logLines: FairRate;
  private readonly bytes: FairRate;

  constructor(clock: Clock, settings: EgressSettings, { functionPercent }: FairShareSettings) {
    const { serverConnections, serverConnectionsPerSecond, serverMibPerSecond } = settings;
    const limitsOf = (total: number) => ({ total, share: shareOf(total, functionPercent) });
    this.places = new SharedBudget(limitsOf(serverConnections));
    this.requests = new FairRate(clock, { ...limitsOf(serverConnectionsPerSecond), burstMs: 1000 });
    this.bytes = new FairRate(clock, {
      ...limitsOf(serverMibPerSecond * bytesPerMiB),
      burstMs: bytesBurstMs,
    });
    this.logLines = new FairRate(clock, { ...limitsOf(linesPerSecond), burstMs: linesBurstMs });
  }

  /** The pace at which a function's bytes are carried: it is slowed down, and loses nothing. */
  paceOf(functionId: string): Pace {
    return {
      carried: (bytes) => {
        this.bytes.spend(functionId, Math.max(bytes, leastPieceBytes));
      },
      isSpent: () => this.bytes.isSpent(functionId),
      whenAgain: (action) => this.bytes.whenAgain(functionId, action),
    };
  }
}

export interface Pace {
  carried(bytes: number): void;
  /** Whether nothing more is to be read for now. */
  isSpent(): boolean;
  whenAgain(action: () => void): () => void;
}
