import { Injectable } from '@nestjs/common';
import { Log } from '../../common/log/log.js';
import { Clock, type CancelTimer } from '../../common/time/clock.js';
import type { VersionKey } from '../../functions/function.js';
import type { VersionLeases } from '../../functions/function-registry.js';
import { CodeStore } from './code-store.js';

const retryEveryMs = 60_000;

/**
 * Removes the code of deleted functions when their last call has ended. A removal that fails is tried again every
 * minute; what a process leaves behind when it ends, the next start sweeps away.
 */
@Injectable()
export class RetiredCode {
  private readonly failed: VersionKey[] = [];
  private cancelRetry: CancelTimer | undefined;

  constructor(
    private readonly code: CodeStore,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /** Resolves when the code is gone, or is sure to go later because a call still needs it. Never rejects. */
  async retire(version: VersionKey, leases: VersionLeases): Promise<void> {
    const removed = leases.drained().then(() => this.remove(version));
    if (!leases.areOpen) await removed;
  }

  /** Removes code that no call can have started with. Never rejects: what fails now is tried again later. */
  async remove(version: VersionKey): Promise<void> {
    try {
      await this.code.remove(version);
    } catch (error) {
      this.log.warn(
        { err: error, ...version },
        'code of a deleted function could not be removed; trying again',
      );
      this.failed.push(version);
      this.cancelRetry ??= this.clock.schedule(retryEveryMs, () => {
        this.cancelRetry = undefined;
        for (const again of this.failed.splice(0)) void this.remove(again);
      });
    }
  }

  /** Ends the retries. */
  close(): void {
    this.cancelRetry?.();
    this.cancelRetry = undefined;
  }
}
