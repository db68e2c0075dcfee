import { Injectable } from '@nestjs/common';
import { type CancelTimer, Clock } from '../time/clock.js';
import type { Caller, Scope } from './caller.js';
import { type AccessLoss, StandingAccess } from './standing-access.js';

/** How often the keys of those who follow are looked at: one that is revoked shows them nothing a second later. */
const lookEveryMs = 400;

export interface Watched {
  readonly caller: Caller;
  readonly scope: Scope;
  readonly functionName: string;
  readonly onLoss: (reason: AccessLoss) => void;
}

/** Looks, while somebody follows something, whether they still may. */
@Injectable()
export class AccessWatch {
  private readonly watched = new Set<Watched>();
  private cancelTimer: CancelTimer | undefined;

  constructor(
    private readonly standing: StandingAccess,
    private readonly clock: Clock,
  ) {}

  /** Gives what ends the watch; `onLoss` is not called after that. */
  watch(watched: Watched): () => void {
    this.watched.add(watched);
    this.lookLater();
    return () => {
      this.watched.delete(watched);
      if (this.watched.size > 0) return;
      this.cancelTimer?.();
      this.cancelTimer = undefined;
    };
  }

  private lookLater(): void {
    this.cancelTimer ??= this.clock.schedule(lookEveryMs, () => {
      void this.look();
    });
  }

  private async look(): Promise<void> {
    await this.standing.refresh();
    this.cancelTimer = undefined;
    for (const watched of [...this.watched]) {
      const { caller, scope, functionName } = watched;
      const loss = this.standing.lossOf(caller, scope, functionName);
      if (loss === undefined) continue;
      this.watched.delete(watched);
      watched.onLoss(loss);
    }
    if (this.watched.size > 0) this.lookLater();
  }
}
