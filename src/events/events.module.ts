import { Module } from '@nestjs/common';
import { ConfigModule } from '@nestjs/config';
import { ClockModule } from '../common/time/clock.module.js';
import { FunctionsModule } from '../functions/functions.module.js';
import { InvocationModule } from '../invocation/invocation.module.js';
import { invocationSettings } from '../invocation/invocation.settings.js';
import { DrainRates } from './drain-rates.js';
import { EventFeed } from './event-feed.js';
import { EventService } from './event.service.js';
import { eventsSettings } from './events.settings.js';
import { KeptEvents } from './kept-events.js';
import { EventStore } from './store/event-store.js';
import { UnopenedEventStore } from './store/unopened-event-store.js';

/** Work that nobody waits for. `Installation` and `Log` come from global modules. */
@Module({
  imports: [
    ConfigModule.forFeature(eventsSettings.config),
    ConfigModule.forFeature(invocationSettings.config),
    ClockModule,
    FunctionsModule,
    InvocationModule,
  ],
  providers: [
    EventService,
    EventFeed,
    KeptEvents,
    DrainRates,
    { provide: EventStore, useFactory: () => new UnopenedEventStore() },
  ],
  exports: [EventService, EventFeed, KeptEvents, EventStore],
})
export class EventsModule {}
