import { Global, Module } from '@nestjs/common';
import { ConfigModule } from '@nestjs/config';
import { APP_FILTER } from '@nestjs/core';
import { ErrorTally } from '../common/errors/error-tally.js';
import { JsonBodies } from '../common/input/json-body.js';
import { shareOf, sharesSettings, type SharesSettings } from '../common/shares/shares.settings.js';
import { Clock } from '../common/time/clock.js';
import { ClockModule } from '../common/time/clock.module.js';
import { UnsentBytes } from '../common/unsent/unsent-bytes.js';
import { FrontPageController } from './front-page.controller.js';
import { httpSettings, type HttpSettings } from './http.settings.js';
import { DocumentationController } from './openapi/documentation.controller.js';
import { DocumentationFiles } from './openapi/documentation-files.js';
import { ProblemAnswer } from './problem-answer.js';
import { ProblemFilter } from './problem.filter.js';
import { ServerStop } from './server-stop.js';

/** Of the bodies of management requests that are arriving: forty of the largest for each key, a thousand of the usual. */
const jsonBodyBytes = 32 * 1024 * 1024;

/** Global, because every module's errors are counted and its unsent answers bounded here, and none imports it. */
@Global()
@Module({
  imports: [
    ConfigModule.forFeature(httpSettings.config),
    ConfigModule.forFeature(sharesSettings.config),
    ClockModule,
  ],
  controllers: [FrontPageController, DocumentationController],
  providers: [
    DocumentationFiles,
    ServerStop,
    ErrorTally,
    ProblemAnswer,
    { provide: APP_FILTER, useClass: ProblemFilter },
    {
      provide: JsonBodies,
      inject: [sharesSettings.config.KEY],
      useFactory: ({ keyPercent }: SharesSettings) =>
        new JsonBodies({ total: jsonBodyBytes, share: shareOf(jsonBodyBytes, keyPercent) }),
    },
    {
      provide: UnsentBytes,
      inject: [httpSettings.config.KEY, sharesSettings.config.KEY, Clock],
      useFactory: ({ unsentBytes: total }: HttpSettings, { keyPercent }: SharesSettings, clock: Clock) =>
        new UnsentBytes({ total, share: shareOf(total, keyPercent) }, clock),
    },
  ],
  exports: [ErrorTally, ProblemAnswer, UnsentBytes, JsonBodies],
})
export class HttpModule {}
