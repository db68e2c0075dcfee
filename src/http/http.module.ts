import { Global, Module } from '@nestjs/common';
import { ConfigModule } from '@nestjs/config';
import { APP_FILTER, APP_INTERCEPTOR } from '@nestjs/core';
import { ErrorCounter } from '../common/counters.js';
import { JsonBodies } from '../common/input/json-body.js';
import { shareOf, fairShareSettings, type FairShareSettings } from '../common/budgets/fair-share.settings.js';
import { ClockModule } from '../common/time/clock.module.js';
import { Clock } from '../common/time/clock.js';
import { SendBudget } from '../common/budgets/send-budget.js';
import { DashboardController } from './dashboard/dashboard.controller.js';
import { DashboardFiles } from './dashboard/dashboard-files.js';
import { FrontPageController } from './front-page.controller.js';
import { httpSettings, type HttpSettings } from './http.settings.js';
import { DocumentationController, DocumentationFiles } from './openapi/documentation.controller.js';
import { ProblemResponse, ProblemFilter } from './problem-response.js';
import { ServerStop } from './server-stop.js';
import { UndeclaredQuery } from './undeclared-query.js';

/** Of the bodies of management requests that are arriving: forty of the largest for each key, a thousand of the usual. */
const jsonBodyBytes = 32 * 1024 * 1024;

/** Global, because every module's errors are counted and its unsent answers bounded here, and none imports it. */
@Global()
@Module({
  imports: [
    ConfigModule.forFeature(httpSettings.config),
    ConfigModule.forFeature(fairShareSettings.config),
    ClockModule,
  ],
  controllers: [FrontPageController, DocumentationController, DashboardController],
  providers: [
    DocumentationFiles,
    DashboardFiles,
    ServerStop,
    ErrorCounter,
    ProblemResponse,
    { provide: APP_FILTER, useClass: ProblemFilter },
    { provide: APP_INTERCEPTOR, useClass: UndeclaredQuery },
    {
      provide: JsonBodies,
      inject: [fairShareSettings.config.KEY],
      useFactory: ({ keyPercent }: FairShareSettings) =>
        new JsonBodies({ total: jsonBodyBytes, share: shareOf(jsonBodyBytes, keyPercent) }),
    },
    {
      provide: SendBudget,
      inject: [httpSettings.config.KEY, fairShareSettings.config.KEY, Clock],
      useFactory: ({ unsentBytes: total }: HttpSettings, { keyPercent }: FairShareSettings, clock: Clock) =>
        new SendBudget({ total, share: shareOf(total, keyPercent) }, clock),
    },
  ],
  exports: [ErrorCounter, ProblemResponse, SendBudget, JsonBodies],
})
export class HttpModule {}
