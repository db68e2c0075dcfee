import { Global, Module } from '@nestjs/common';
import { ConfigModule } from '@nestjs/config';
import { APP_FILTER } from '@nestjs/core';
import { ErrorTally } from '../common/errors/error-tally.js';
import { ClockModule } from '../common/time/clock.module.js';
import { FrontPageController } from './front-page.controller.js';
import { httpSettings } from './http.settings.js';
import { ProblemAnswer } from './problem-answer.js';
import { ProblemFilter } from './problem.filter.js';
import { ServerStop } from './server-stop.js';

/** Global modules are shut down last, and connections must outlive the calls that are answered over them. */
@Global()
@Module({
  imports: [ConfigModule.forFeature(httpSettings.config), ClockModule],
  controllers: [FrontPageController],
  providers: [ServerStop, ErrorTally, ProblemAnswer, { provide: APP_FILTER, useClass: ProblemFilter }],
  exports: [ErrorTally],
})
export class HttpModule {}
