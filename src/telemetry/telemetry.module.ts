import { Global, Module } from '@nestjs/common';
import { ConfigModule } from '@nestjs/config';
import { Log } from '../common/log/log.js';
import { processLog } from './pino-log.js';
import { telemetrySettings, type TelemetrySettings } from './telemetry.settings.js';

@Global()
@Module({
  imports: [ConfigModule.forFeature(telemetrySettings.config)],
  providers: [
    {
      provide: Log,
      inject: [telemetrySettings.config.KEY],
      useFactory: (settings: TelemetrySettings) => processLog(settings),
    },
  ],
  exports: [Log],
})
export class TelemetryModule {}
