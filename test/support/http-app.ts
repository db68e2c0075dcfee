import { Global, Module, type Type } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { AddressInfo } from 'node:net';
import { Test } from '@nestjs/testing';
import { NestApplicationContextOptions } from '@nestjs/common/interfaces/nest-application-context-options.interface.js';
import { Log } from '../../src/common/log/log.js';
import { LimitedHttpAdapter } from '../../src/http/http-adapter.js';
import { HttpModule } from '../../src/http/http.module.js';
import { httpSettings, type HttpSettings } from '../../src/http/http.settings.js';
import { ServerStop } from '../../src/http/server-stop.js';
import { RecordingLog } from '../fakes/recording-log.js';

export interface HttpApp {
  readonly app: NestExpressApplication;
  readonly url: string;
  readonly port: number;
  readonly log: RecordingLog;
  /** As the server's parts do; calls end between the two steps of the stop. */
  close(untilCallsEnd?: Promise<unknown>): Promise<void>;
}

/** The real HTTP layer around a test's own routes, on a free port; nothing else of the server. */
export async function startHttpApp(
  controllers: Type[],
  settings: Partial<HttpSettings> = {},
): Promise<HttpApp> {
  const log = new RecordingLog();

  @Global()
  @Module({ providers: [{ provide: Log, useValue: log }], exports: [Log] })
  class LogModule {}

  @Module({ imports: [LogModule, HttpModule], controllers })
  class TestedModule {}

  const all = { ...(httpSettings.config() as HttpSettings), ...settings };
  const adapter = new LimitedHttpAdapter(all);
  const options = Object.assign(new NestApplicationContextOptions(), {
    bodyParser: false,
    logger: false as const,
    abortOnError: false,
  });
  const testing = await Test.createTestingModule({ imports: [TestedModule] })
    .overrideProvider(httpSettings.config.KEY)
    .useValue(all)
    .compile();
  const app = testing.createNestApplication<NestExpressApplication>(adapter, options);
  await app.listen(0, '127.0.0.1');
  const { port } = app.getHttpServer().address() as AddressInfo;
  const stop = app.get(ServerStop);
  const close = async (untilCallsEnd?: Promise<unknown>) => {
    stop.refuseConnections();
    await untilCallsEnd;
    await stop.closeConnections();
    await app.close();
  };
  return { app, url: `http://127.0.0.1:${port}`, port, log, close };
}
