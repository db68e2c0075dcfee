import { Injectable } from '@nestjs/common';
import { Log } from '../common/log/log.js';
import { EventStore } from './store/event-store.js';

/** Bytes on the disk, each of which a setting limits. */
export interface EventBytes {
  /** Of the requests of events that have not ended. */
  readonly queued: number;
  /** Of events that have ended. */
  readonly kept: number;
  /** Of answers for repeated calls. */
  readonly answers: number;
}

/** How much of their room events and answers take, for those who watch the server. */
@Injectable()
export class EventRoom {
  constructor(
    private readonly store: EventStore,
    private readonly log: Log,
  ) {}

  /** Undefined, which the log tells of, where the store does not answer. Never rejects. */
  async read(): Promise<EventBytes | undefined> {
    const { store } = this;
    try {
      const [queued, kept, answers] = await Promise.all([
        store.queuedBytes(),
        store.keptBytes(),
        store.answerBytes(),
      ]);
      return { queued, kept, answers };
    } catch (err) {
      this.log.debug({ err }, 'the bytes of events could not be read');
      return undefined;
    }
  }
}
