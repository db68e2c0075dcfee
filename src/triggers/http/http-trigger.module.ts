import { Module } from '@nestjs/common';
import { ConfigModule } from '@nestjs/config';
import { fairShareSettings } from '../../common/budgets/fair-share.settings.js';
import { ClockModule } from '../../common/time/clock.module.js';
import { EventsModule } from '../../events/events.module.js';
import { FunctionsModule } from '../../functions/functions.module.js';
import { httpSettings } from '../../http/http.settings.js';
import { InvocationModule } from '../../invocation/invocation.module.js';
import { invocationSettings } from '../../invocation/invocation.settings.js';
import { CallAccess } from './call-access.js';
import { Gateway, HttpCalls } from './gateway.js';
import { HttpEvents } from './http-events.js';
import { IdempotentRequests } from './idempotent-requests.js';
import { InvokeController } from './invoke.controller.js';
import { OwnHosts } from './own-hosts.js';
import { RequestBodies } from './request.js';

/** Calls over HTTP. */
@Module({
  imports: [
    ConfigModule.forFeature(httpSettings.config),
    ConfigModule.forFeature(invocationSettings.config),
    ConfigModule.forFeature(fairShareSettings.config),
    ClockModule,
    EventsModule,
    FunctionsModule,
    InvocationModule,
  ],
  controllers: [InvokeController],
  providers: [CallAccess, Gateway, HttpCalls, HttpEvents, IdempotentRequests, OwnHosts, RequestBodies],
  exports: [RequestBodies],
})
export class HttpTriggerModule {}
