import { Injectable } from '@nestjs/common';
import { Log } from '../common/log/log.js';
import { EventStore, type QueueDepth } from './store/event-store.js';

/** How many events functions have, for those who watch the server. */
@Injectable()
export class EventDepths {
  constructor(
    private readonly store: EventStore,
    private readonly log: Log,
  ) {}

  /** By the function's id; empty, which the log tells of, where the store does not answer. Never rejects. */
  async read(): Promise<ReadonlyMap<string, QueueDepth>> {
    try {
      return new Map((await this.store.depths()).map((depth) => [depth.functionId, depth]));
    } catch (err) {
      this.log.debug({ err }, 'the events of functions could not be counted');
      return new Map();
    }
  }
}
