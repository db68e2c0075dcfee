import { Global, Module } from '@nestjs/common';
import { ConfigModule } from '@nestjs/config';
import { APP_FILTER } from '@nestjs/core';
import { ErrorTally } from '../common/errors/error-tally.js';
import { shareOf, sharesSettings, type SharesSettings } from '../common/shares/shares.settings.js';
import { Clock } from '../common/time/clock.js';
import { ClockModule } from '../common/time/clock.module.js';
import { UnsentBytes } from '../common/unsent/unsent-bytes.js';
import { FrontPageController } from './front-page.controller.js';
import { httpSettings, type HttpSettings } from './http.settings.js';
import { ProblemAnswer } from './problem-answer.js';
import { ProblemFilter } from './problem.filter.js';
import { ServerStop } from './server-stop.js';

/** Global modules are shut down last, and connections must outlive the calls that are answered over them. */
@Global()
@Module({
  imports: [
    ConfigModule.forFeature(httpSettings.config),
    ConfigModule.forFeature(sharesSettings.config),
    ClockModule,
  ],
  controllers: [FrontPageController],
  providers: [
    ServerStop,
    ErrorTally,
    ProblemAnswer,
    { provide: APP_FILTER, useClass: ProblemFilter },
    {
      provide: UnsentBytes,
      inject: [httpSettings.config.KEY, sharesSettings.config.KEY, Clock],
      useFactory: ({ unsentBytes: total }: HttpSettings, { keyPercent }: SharesSettings, clock: Clock) =>
        new UnsentBytes({ total, share: shareOf(total, keyPercent) }, clock),
    },
  ],
  exports: [ErrorTally, ProblemAnswer, UnsentBytes],
})
export class HttpModule {}
