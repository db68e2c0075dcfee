import type { IncomingMessage } from 'node:http';
import { callerOf } from '../auth/caller.js';
import { DomainError } from '../errors/domain-error.js';
import { SharedBudget, type BudgetLimits, type Shortage } from '../budgets/shared-budget.js';
import { readJsonBody } from './read-json-body.js';

const retryAfterMs = 1000;

/** Reads the JSON of management requests, and bounds the memory that what has arrived of it takes: of all, and of each key's. */
export class JsonBodies {
  private readonly budget: SharedBudget;

  constructor(limits: BudgetLimits) {
    this.budget = new SharedBudget(limits);
  }

  /** Bytes of bodies that have not arrived whole. */
  get heldBytes(): number {
    return this.budget.used;
  }

  /**
   * Rejects as `readJsonBody` does, and with `OVERLOADED` when as many bytes are held as may be, with `RATE_LIMITED` when
   * those with this key hold their share.
   */
  async read(request: IncomingMessage, limitBytes: number, mediaTypes?: readonly string[]): Promise<unknown> {
    const { keyId } = callerOf(request);
    let heldBytes = 0;
    const onBytes = (bytes: number) => {
      const shortage = this.budget.take(keyId, bytes);
      if (shortage !== undefined) throw refusal(shortage);
      heldBytes += bytes;
    };
    try {
      return await readJsonBody(request, { limitBytes, mediaTypes, onBytes });
    } finally {
      if (heldBytes > 0) this.budget.giveBack(keyId, heldBytes);
    }
  }
}

function refusal(shortage: Shortage): DomainError {
  return shortage === 'share'
    ? new DomainError(
        'RATE_LIMITED',
        'The requests with your key hold as many bytes of bodies as they may; send fewer at a time.',
        { retryAfterMs },
      )
    : new DomainError('OVERLOADED', 'The server holds too many bodies of requests; try again later.', {
        retryAfterMs,
      });
}
