import { Inject, Injectable } from '@nestjs/common';
import type { IncomingMessage } from 'node:http';
import { DomainError } from '../../common/errors/domain-error.js';
import { readRequestBody } from '../../common/request-body/read-request-body.js';
import { SharedBudget } from '../../common/budgets/shared-budget.js';
import {
  shareOf,
  fairShareSettings,
  type FairShareSettings,
} from '../../common/budgets/fair-share.settings.js';
import type { Cancellation } from '../../common/time/cancellation.js';
import { invocationSettings, type InvocationSettings } from '../../invocation/invocation.settings.js';
import { Payload } from '../../invocation/invocation.js';

const retryAfterMs = 1000;

/** Reads the bodies of calls, and bounds the memory that they take: of all calls together, and of each key's. */
@Injectable()
export class RequestBodies {
  private readonly limitBytes: number;
  private readonly budget: SharedBudget;

  constructor(
    @Inject(invocationSettings.config.KEY) { requestBytes, bufferedRequestBytes }: InvocationSettings,
    @Inject(fairShareSettings.config.KEY) { keyPercent }: FairShareSettings,
  ) {
    this.limitBytes = requestBytes;
    const share = Math.max(requestBytes, shareOf(bufferedRequestBytes, keyPercent));
    this.budget = new SharedBudget({ total: bufferedRequestBytes, share });
  }

  /** Bytes of bodies that are held now: those that have arrived, not those that were announced. */
  get heldBytes(): number {
    return this.budget.used;
  }

  /**
   * Holds what arrives as it arrives; whoever receives the body discards it. Rejects as `readRequestBody` does, and with
   * `OVERLOADED` when the server holds as many bytes as it may, with `RATE_LIMITED` when those with this key do; nothing is held then.
   */
  async receive(
    request: IncomingMessage,
    keyId: string | undefined,
    cancellation: Cancellation,
  ): Promise<Payload> {
    let heldBytes = 0;
    const letGo = () => {
      if (heldBytes > 0) this.budget.giveBack(keyId, heldBytes);
    };
    try {
      const content = await readRequestBody(request, {
        limitBytes: this.limitBytes,
        cancellation,
        onBytes: (bytes) => {
          this.hold(keyId, bytes);
          heldBytes += bytes;
        },
      });
      return new Payload(content, letGo);
    } catch (error) {
      letGo();
      throw error;
    }
  }

  private hold(keyId: string | undefined, bytes: number): void {
    const shortage = this.budget.take(keyId, bytes);
    if (shortage === undefined) return;
    throw shortage === 'share'
      ? new DomainError(
          'RATE_LIMITED',
          'Calls with your key already hold as many bytes of request bodies as they may; send fewer or smaller ones at a time.',
          { retryAfterMs },
        )
      : new DomainError('OVERLOADED', 'The server holds too many request bodies; try again later.', {
          retryAfterMs,
        });
  }
}
