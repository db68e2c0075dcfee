import { Module } from '@nestjs/common';
import { ConfigModule } from '@nestjs/config';
import { ClockModule } from '../common/time/clock.module.js';
import { FunctionsModule } from '../functions/functions.module.js';
import { InvocationModule } from '../invocation/invocation.module.js';
import { invocationSettings } from '../invocation/invocation.settings.js';
import { Dispatcher } from './dispatch/dispatcher.js';
import { EventRunner } from './dispatch/event-runner.js';
import { Settler } from './dispatch/settler.js';
import { Upkeep } from './dispatch/upkeep.js';
import { DrainRates } from './drain-rates.js';
import { EventDepths } from './event-depths.js';
import { EventRoom } from './event-room.js';
import { EventFeed } from './event-feed.js';
import { EventService } from './event.service.js';
import { EventsLifecycle } from './events-lifecycle.js';
import { eventsSettings } from './events.settings.js';
import { IdempotentCalls } from './idempotent-calls.js';
import { KeptEvents } from './kept-events.js';
import { EventStoreModule } from './store/event-store.module.js';

/** Work that nobody waits for. `Installation` and `Log` come from global modules. */
@Module({
  imports: [
    ConfigModule.forFeature(eventsSettings.config),
    ConfigModule.forFeature(invocationSettings.config),
    ClockModule,
    FunctionsModule,
    InvocationModule,
    EventStoreModule,
  ],
  providers: [
    EventService,
    EventFeed,
    EventDepths,
    EventRoom,
    KeptEvents,
    IdempotentCalls,
    DrainRates,
    Dispatcher,
    EventRunner,
    Settler,
    Upkeep,
    EventsLifecycle,
  ],
  exports: [
    EventService,
    EventFeed,
    EventDepths,
    EventRoom,
    KeptEvents,
    IdempotentCalls,
    EventRunner,
    EventsLifecycle,
    EventStoreModule,
  ],
})
export class EventsModule {}
