import { Module } from '@nestjs/common';
import { ConfigModule } from '@nestjs/config';
import {
  fairShareSettings,
  type FairShareSettings,
  shareOf,
} from '../../common/budgets/fair-share.settings.js';
import { Installation } from '../../common/installation/installation.js';
import { Log } from '../../common/log/log.js';
import { ClockModule } from '../../common/time/clock.module.js';
import { Clock } from '../../common/time/clock.js';
import { eventsSettings, type EventsSettings } from '../events.settings.js';
import { EventStore } from './event-store.js';
import { EventThread, ThreadEventStore } from './thread/thread-event-store.js';

/** How long an answer of the store may take, and how many may wait for one. */
const limits = { timeoutMs: 10_000, pending: 4096 };

/** Where events are kept. `Installation` and `Log` come from global modules. */
@Module({
  imports: [
    ConfigModule.forFeature(eventsSettings.config),
    ConfigModule.forFeature(fairShareSettings.config),
    ClockModule,
  ],
  providers: [
    { provide: EventThread, useFactory: () => new EventThread() },
    {
      provide: ThreadEventStore,
      inject: [
        EventThread,
        Installation,
        Clock,
        Log,
        eventsSettings.config.KEY,
        fairShareSettings.config.KEY,
      ],
      useFactory: (
        thread: EventThread,
        installation: Installation,
        clock: Clock,
        log: Log,
        { queuedBytes, keptBytes, answerBytes }: EventsSettings,
        { functionPercent, keyPercent }: FairShareSettings,
      ) => {
        const budget = {
          queuedBytes,
          functionQueuedBytes: shareOf(queuedBytes, functionPercent),
          strangersPercent: keyPercent,
          keptBytes,
          functionKeptBytes: shareOf(keptBytes, functionPercent),
          answerBytes,
        };
        const start = () => ({ file: installation.eventsDatabase, budget });
        return new ThreadEventStore(thread, start, limits, clock, log);
      },
    },
    { provide: EventStore, useExisting: ThreadEventStore },
  ],
  exports: [EventStore],
})
export class EventStoreModule {}
