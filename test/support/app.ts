import type { NestExpressApplication } from '@nestjs/platform-express';
import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createApp } from '../../src/bootstrap/create-app.js';
import { Lifecycle } from '../../src/bootstrap/lifecycle.js';
import { partsOf } from '../../src/bootstrap/parts.js';
import { Log } from '../../src/common/log/log.js';
import { Clock } from '../../src/common/time/clock.js';
import { CodeThread } from '../../src/code/thread/code-thread.js';
import { EventThread } from '../../src/events/store/thread/thread-event-store.js';
import { DocumentationFiles } from '../../src/http/openapi/documentation.controller.js';

export interface ListeningApp {
  readonly app: NestExpressApplication;
  /** Without a slash at the end. */
  readonly url: string;
  /** Ends the server as a signal would. */
  stop(): Promise<void>;
  /** As `stop`, and removes its directory. */
  close(): Promise<void>;
}

const codeThreadFromSource = new URL('./code-thread.mjs', import.meta.url);
const eventThreadFromSource = new URL('./event-thread.mjs', import.meta.url);

/** Holds an `openapi.json` in place of the one that a build makes. */
const built = fileURLToPath(new URL('./openapi/', import.meta.url));

/** Variables that every server of a test has: any port, nothing printed. */
const ofTests = { GLAMBDAR_PORT: '0', GLAMBDAR_LOG_LEVEL: 'silent' };

/** The whole server as users have it, in this process, made but not started: it has no directory yet. */
export async function makeApp(
  variables: Readonly<Record<string, string>> = {},
): Promise<NestExpressApplication> {
  const restore = setVariables({ ...ofTests, ...variables });
  try {
    const app = await createApp();
    // There is no build to take these from.
    Object.assign(app.get(CodeThread), { module: codeThreadFromSource });
    Object.assign(app.get(EventThread), { module: eventThreadFromSource });
    Object.assign(app.get(DocumentationFiles), { built });
    return app;
  } finally {
    restore();
  }
}

/** The whole server, listening on any free port of this machine, on a directory of its own. */
export async function startApp(variables: Readonly<Record<string, string>> = {}): Promise<ListeningApp> {
  const directory = await mkdtemp(join(tmpdir(), 'glambdar-app-'));
  const app = await makeApp({ GLAMBDAR_DIR: directory, ...variables });
  const lifecycle = new Lifecycle(partsOf(app), app.get(Clock), app.get(Log));
  await lifecycle.start();
  const { port } = app.getHttpServer().address() as AddressInfo;
  const stop = async () => {
    if (!(await lifecycle.stop())) throw new Error('The server did not stop in order.');
  };
  return {
    app,
    url: `http://127.0.0.1:${port}`,
    stop,
    close: async () => {
      await stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** Settings are read while the application is made, so variables have to be set just that long. */
function setVariables(variables: Readonly<Record<string, string>>): () => void {
  const before = Object.keys(variables).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, variables);
  return () => {
    for (const [name, value] of before) {
      if (value === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = value;
    }
  };
}
