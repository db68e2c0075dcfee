import { Module } from '@nestjs/common';
import { ClockModule } from '../common/time/clock.module.js';
import { EventsModule } from '../events/events.module.js';
import { FunctionsModule } from '../functions/functions.module.js';
import { Firings } from './firings.js';
import { Scheduler } from './scheduler.js';
import { SchedulesService } from './schedules.service.js';

/** Work that comes by the clock. What is scheduled is a setting of each function; `Log` comes from a global module. */
@Module({
  imports: [ClockModule, EventsModule, FunctionsModule],
  providers: [Scheduler, SchedulesService, Firings],
  exports: [Scheduler, SchedulesService, Firings],
})
export class SchedulesModule {}
