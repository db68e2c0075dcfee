import { NestApplicationContextOptions } from '@nestjs/common/interfaces/nest-application-context-options.interface.js';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { installEntryChecks } from '../auth/http/entry-checks.js';
import { AppModule } from './app.module.js';
import { countSending, SendBudget } from '../common/budgets/send-budget.js';
import { LimitedHttpAdapter } from '../http/http-adapter.js';
import { httpSettings, type HttpSettings } from '../http/http.settings.js';
import { FrameworkLog } from '../telemetry/framework-log.js';
import { processLog } from '../telemetry/pino-log.js';
import { telemetrySettings, type TelemetrySettings } from '../telemetry/telemetry.settings.js';

/**
 * Builds the whole server without starting it: the same one for users, for tests and for the build, which reads the
 * OpenAPI document from it. It reads settings and touches nothing else; `partsOf` says what starts, and when.
 */
export async function createApp(): Promise<NestExpressApplication> {
  const settings = httpSettings.config() as HttpSettings;
  const adapter = new LimitedHttpAdapter(settings);
  const options = Object.assign(new NestApplicationContextOptions(), {
    // Each route reads its own body, with its own limit.
    bodyParser: false,
    logger: new FrameworkLog(processLog(telemetrySettings.config() as TelemetrySettings)),
    // The caller decides how a failed start ends.
    abortOnError: false,
  });
  const app = await NestFactory.create<NestExpressApplication>(AppModule, adapter, options);
  app.use(countSending(app.get(SendBudget)));
  installEntryChecks(app);
  return app;
}
