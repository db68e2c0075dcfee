import { NestApplicationContextOptions } from '@nestjs/common/interfaces/nest-application-context-options.interface.js';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { AppModule } from './app.module.js';
import { Log } from './common/log/log.js';
import { LimitedHttpAdapter } from './http/http-adapter.js';
import { httpSettings, type HttpSettings } from './http/http.settings.js';
import { serveOpenApi } from './http/openapi.js';
import { FrameworkLog } from './telemetry/framework-log.js';

/** Each route reads its own body, with its own limit; who starts the server decides how a failed start ends. */
const options = Object.assign(new NestApplicationContextOptions(), {
  bodyParser: false,
  bufferLogs: true,
  abortOnError: false,
});

/** The whole server, not yet listening: the same for users, for tests and for the OpenAPI document. */
export async function createApp(): Promise<NestExpressApplication> {
  const adapter = new LimitedHttpAdapter(httpSettings.config() as HttpSettings);
  const app = await NestFactory.create<NestExpressApplication>(AppModule, adapter, options);
  app.useLogger(new FrameworkLog(app.get(Log)));
  serveOpenApi(app);
  return app;
}
