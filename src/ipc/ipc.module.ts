import { Module } from '@nestjs/common';
import { ConfigModule } from '@nestjs/config';
import { ReadSchedulerModule } from '../common/read-scheduler/read-scheduler.js';
import { ClockModule } from '../common/time/clock.module.js';
import { IpcService } from './ipc.service.js';
import { ipcSettings } from './ipc.settings.js';

/** The sockets' directory comes from the global `InstallationModule`. */
@Module({
  imports: [ConfigModule.forFeature(ipcSettings.config), ClockModule, ReadSchedulerModule],
  providers: [IpcService],
  exports: [IpcService],
})
export class IpcModule {}
