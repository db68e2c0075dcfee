import { Module } from '@nestjs/common';
import { ConfigModule } from '@nestjs/config';
import { fairShareSettings } from '../common/budgets/fair-share.settings.js';
import { ClockModule } from '../common/time/clock.module.js';
import { FunctionsModule } from '../functions/functions.module.js';
import { SandboxModule } from '../sandbox/sandbox.module.js';
import { AdmissionService } from './admission/admission.service.js';
import { EndedCalls } from './invocation.js';
import { InvocationService } from './invocation.service.js';
import { invocationSettings } from './invocation.settings.js';
import { RunningCalls } from './running-calls.js';

@Module({
  imports: [
    ConfigModule.forFeature(invocationSettings.config),
    ConfigModule.forFeature(fairShareSettings.config),
    ClockModule,
    FunctionsModule,
    SandboxModule,
  ],
  providers: [InvocationService, AdmissionService, RunningCalls, EndedCalls],
  exports: [InvocationService, RunningCalls, AdmissionService, EndedCalls],
})
export class InvocationModule {}
