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
 * The whole server, of which nothing has begun: the same for users, for tests and for the build, which reads its OpenAPI
 * document from it. Nothing is read or written here but settings; `partsOf` says what begins, and when.
 */
export async function createApp(): Promise<NestExpressApplication> {
  const settings = httpSettings.config() as HttpSettings;
  const adapter = new LimitedHttpAdapter(settings);
  const options = Object.assign(new NestApplicationContextOptions(), {
    // Each route reads its own body, with its own limit.
    bodyParser: false,
    logger: new FrameworkLog(processLog(telemetrySettings.config() as TelemetrySettings)),
    // Who starts the server decides how a failed start ends.
    abortOnError: false,
  });
  const app = await NestFactory.create<NestExpressApplication>(AppModule, adapter, options);
  app.use(countSending(app.get(SendBudget)));
  installEntryChecks(app);
  return app;
}
