import { Module, type BeforeApplicationShutdown } from '@nestjs/common';
import { ConfigModule } from '@nestjs/config';
import { ClockModule } from '../common/time/clock.module.js';
import { FunctionsModule } from '../functions/functions.module.js';
import { SandboxModule } from '../sandbox/sandbox.module.js';
import { AdmissionService } from './admission/admission.service.js';
import { BufferedBytes } from './buffered-bytes.js';
import { EndedCalls } from './ended-calls.js';
import { InvocationController } from './invocation.controller.js';
import { InvocationService } from './invocation.service.js';
import { invocationSettings } from './invocation.settings.js';
import { RunningCalls } from './running-calls.js';

@Module({
  imports: [ConfigModule.forFeature(invocationSettings.config), ClockModule, FunctionsModule, SandboxModule],
  controllers: [InvocationController],
  providers: [InvocationService, AdmissionService, BufferedBytes, RunningCalls, EndedCalls],
  exports: [RunningCalls, AdmissionService, BufferedBytes, EndedCalls],
})
export class InvocationModule implements BeforeApplicationShutdown {
  constructor(private readonly runningCalls: RunningCalls) {}

  /** Calls in flight end before the sandboxes below them are taken away. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.runningCalls.drain();
  }
}
