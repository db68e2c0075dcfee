import { Inject, Injectable } from '@nestjs/common';
import type { ServerResponse } from 'node:http';
import { AccessWatch } from '../../common/auth/access-watch.js';
import type { Caller } from '../../common/auth/caller.js';
import {
  fairShareSettings,
  type FairShareSettings,
  shareOf,
} from '../../common/budgets/fair-share.settings.js';
import { SharedBudget } from '../../common/budgets/shared-budget.js';
import { DomainError } from '../../common/errors/domain-error.js';
import { Clock } from '../../common/time/clock.js';
import { EventFeed } from '../../events/event-feed.js';
import type { EventRecord } from '../../events/event.js';
import { eventsSettings, type EventsSettings } from '../../events/events.settings.js';

const retry = { retryAfterMs: 5000 };

/** Requests that wait for the end of an event. What wakes them is told by whoever ends it: nothing is looked for on the disk. */
@Injectable()
export class EventWaiting {
  private readonly waiters: SharedBudget;
  private readonly stopped = new AbortController();

  constructor(
    private readonly feed: EventFeed,
    private readonly access: AccessWatch,
    private readonly clock: Clock,
    @Inject(eventsSettings.config.KEY) { waiters: total }: EventsSettings,
    @Inject(fairShareSettings.config.KEY) { keyPercent }: FairShareSettings,
  ) {
    this.waiters = new SharedBudget({ total, share: shareOf(total, keyPercent) });
  }

  /**
   * The event once it has ended, or as it is when the time has passed or the server stops. Rejects as `find` does, with `OVERLOADED`
   * or `RATE_LIMITED` when as many wait as may, with `UNAUTHENTICATED` when the caller may see it no longer, and with
   * `CLIENT_CLOSED` when the client is gone.
   */
  async untilEnded(
    find: () => Promise<EventRecord>,
    response: ServerResponse,
    caller: Caller,
    seconds: number,
  ): Promise<EventRecord> {
    const event = await find();
    if (hasEnded(event)) return event;
    this.take(caller);
    try {
      await this.wait(event, find, response, caller, seconds);
    } finally {
      this.waiters.giveBack(caller.keyId);
    }
    return find();
  }

  /** Before connections are waited for: these requests are answered, and not cut off. */
  close(): void {
    this.stopped.abort();
  }

  private async wait(
    { id, functionName }: EventRecord,
    find: () => Promise<EventRecord>,
    response: ServerResponse,
    caller: Caller,
    seconds: number,
  ): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<undefined>();
    const end = () => {
      resolve(undefined);
    };
    const leave = () => {
      reject(new DomainError('CLIENT_CLOSED', 'The client disconnected.'));
    };
    const ends = [
      this.feed.onEnded(id, end),
      this.clock.schedule(seconds * 1000, end),
      this.access.watch({
        caller,
        scope: 'functions:read',
        functionName,
        onLoss: () => {
          reject(new DomainError('UNAUTHENTICATED', 'The key is no longer valid; use another one.'));
        },
      }),
    ];
    const { signal } = this.stopped;
    signal.addEventListener('abort', end);
    response.once('close', leave);
    try {
      if (signal.aborted) return;
      if (response.destroyed) leave();
      // It may have ended before anybody listened.
      await Promise.race([promise, find().then((event) => (hasEnded(event) ? undefined : promise))]);
    } finally {
      response.off('close', leave);
      signal.removeEventListener('abort', end);
      for (const stop of ends) stop();
    }
  }

  private take({ keyId }: Caller): void {
    const shortage = this.waiters.take(keyId);
    if (shortage === 'share')
      throw new DomainError(
        'RATE_LIMITED',
        'Your key waits for as many events as it may; ask without wait.',
        retry,
      );
    if (shortage === 'total')
      throw new DomainError(
        'OVERLOADED',
        'As many clients wait for events as the server allows; ask without wait, or try again later.',
        retry,
      );
  }
}

function hasEnded({ endedAtMs }: EventRecord): boolean {
  return endedAtMs !== null;
}
