import { Module } from '@nestjs/common';
import { ConfigModule } from '@nestjs/config';
import { ClockModule } from '../common/time/clock.module.js';
import { EventService } from './event.service.js';
import { eventsSettings } from './events.settings.js';

/** Work that nobody waits for. `Installation` and `Log` come from global modules. */
@Module({
  imports: [ConfigModule.forFeature(eventsSettings.config), ClockModule],
  providers: [EventService],
  exports: [EventService],
})
export class EventsModule {}
