import { Global, Module } from '@nestjs/common';
import { ConfigModule } from '@nestjs/config';
import { Log } from '../common/log/log.js';
import { standardLogOutput } from './log-output.js';
import { PinoLog } from './pino-log.js';
import { telemetrySettings, type TelemetrySettings } from './telemetry.settings.js';

@Global()
@Module({
  imports: [ConfigModule.forFeature(telemetrySettings.config)],
  providers: [
    {
      provide: Log,
      inject: [telemetrySettings.config.KEY],
      useFactory: (settings: TelemetrySettings) => PinoLog.writingTo(standardLogOutput(settings), settings),
    },
  ],
  exports: [Log],
})
export class TelemetryModule {}
