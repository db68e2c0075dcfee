import { Inject, Injectable } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { DomainError } from '../common/errors/domain-error.js';
import { Log } from '../common/log/log.js';
import { Clock } from '../common/time/clock.js';
import type { EventResult } from './event.js';
import { eventsSettings, type EventsSettings } from './events.settings.js';
import { claimOf, type IdempotentRequest } from './idempotency-claim.js';
import { firstStillRuns, keyReused } from './idempotency-errors.js';
import { EventStore, type IdempotencyClaim } from './store/event-store.js';

/** What a call was answered with. */
export type Answer = Omit<EventResult, 'bodyBytes' | 'body'> & { readonly body: Uint8Array };

/** The call that came first with its key. It ends in exactly one of two ways; what comes after that does nothing. */
export class FirstCall {
  private hasEnded = false;

  constructor(
    /** Answers with larger bodies are remembered without them. */
    readonly keptBytes: number,
    private readonly record: (result: EventResult | null) => Promise<void>,
  ) {}

  /** Resolves once the answer is on the disk: from now on it is given to whoever repeats the request. */
  async answered({ status, headers, body }: Answer): Promise<void> {
    const isShort = body.length <= this.keptBytes;
    await this.end({
      status,
      headers: isShort ? headers : {},
      body: isShort ? body : null,
      bodyBytes: body.length,
    });
  }

  /** As `answered`, of a body that was not held because it is too large. */
  async answeredAtLength(head: Omit<Answer, 'body'>, bodyBytes: number): Promise<void> {
    await this.end({ status: head.status, headers: {}, body: null, bodyBytes });
  }

  /** The request may be tried again. */
  async gaveUp(): Promise<void> {
    await this.end(null);
  }

  private async end(result: EventResult | null): Promise<void> {
    if (this.hasEnded) return;
    this.hasEnded = true;
    await this.record(result);
  }
}

/** Calls that somebody waits for, each done once however often it is sent. */
@Injectable()
export class IdempotentCalls {
  constructor(
    private readonly store: EventStore,
    private readonly clock: Clock,
    private readonly log: Log,
    @Inject(eventsSettings.config.KEY) private readonly settings: EventsSettings,
  ) {}

  /**
   * The call may run, as the first with its key, and has to end within `leaseMs`: after that another is the first. Or it has been answered
   * before. Rejects with `IDEMPOTENCY_CONFLICT` while the first runs, with `IDEMPOTENCY_KEY_REUSED` for another request, with
   * `IDEMPOTENT_ANSWER_TOO_LARGE`, or as the store does.
   */
  async begin(functionId: string, request: IdempotentRequest, leaseMs: number): Promise<FirstCall | Answer> {
    const claim = claimOf(functionId, request, this.clock.wallTime().getTime());
    const callId = randomUUID();
    const claimed = await this.store.claimCall(claim, callId, leaseMs);
    switch (claimed.kind) {
      case 'first':
        return new FirstCall(this.settings.resultBytes, (result) => this.record(claim, callId, result));
      case 'running':
        throw firstStillRuns();
      case 'different':
        throw keyReused();
      case 'answered':
        return wholeAnswer(claimed.result);
      default:
        return claimed satisfies never;
    }
  }

  /** The call is done: that its answer cannot be kept must not keep it from whoever waits for it. */
  private async record(claim: IdempotencyClaim, callId: string, result: EventResult | null): Promise<void> {
    try {
      await this.store.answerCall(claim, callId, result);
    } catch (error) {
      this.log.error({ err: error }, 'the answer to an idempotent call could not be kept');
    }
  }
}

function wholeAnswer({ status, headers, body, bodyBytes }: EventResult): Answer {
  if (body) return { status, headers, body };
  throw new DomainError(
    'IDEMPOTENT_ANSWER_TOO_LARGE',
    `The request with this Idempotency-Key is done, but its answer of ${bodyBytes} bytes was too large to keep, or had to make room for others; it is not done again.`,
    { field: 'Idempotency-Key' },
  );
}
