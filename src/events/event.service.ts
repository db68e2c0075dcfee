import { Injectable } from '@nestjs/common';
import type { FunctionName } from '../functions/function-name.js';
import type { EventId, EventRequest, EventSource } from './event.js';

/** Work that somebody hands over. */
export interface Submission {
  readonly functionName: FunctionName;
  readonly request: EventRequest;
  readonly source: EventSource;
  readonly keyId: string | undefined;
  readonly orderingKey: string | undefined;
  /** Undefined if the request has none; `fingerprint` is the SHA-256 of the request, hexadecimal. */
  readonly idempotency: { readonly key: string; readonly fingerprint: string } | undefined;
}

export interface SubmittedEvent {
  readonly id: EventId;
  /** The key has come before with the same request: this is the event that it made. */
  readonly isRepeated: boolean;
}

/** Takes work over. */
@Injectable()
export class EventService {
  /**
   * Resolves once the event is on the disk. Rejects, and nothing is kept, with `FUNCTION_NOT_FOUND`, `EVENT_QUEUE_FULL`,
   * `PAYLOAD_TOO_LARGE`, `IDEMPOTENCY_KEY_REUSED`, `DRAINING` or as the store does.
   */
  submit(submission: Submission): Promise<SubmittedEvent> {
    return Promise.reject(new Error(`No event of ${submission.functionName} is taken yet.`));
  }
}
