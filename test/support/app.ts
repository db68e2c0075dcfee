import type { NestExpressApplication } from '@nestjs/platform-express';
import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApp } from '../../src/app.setup.js';
import { CodeThread } from '../../src/code/thread/code-thread.js';

export interface App {
  readonly app: NestExpressApplication;
  /** Ends the server as a signal would, and removes its directory. */
  close(): Promise<void>;
}

export interface ListeningApp extends App {
  /** Without a slash at the end. */
  readonly url: string;
}

const codeThreadFromSource = new URL('./archives/code-thread-from-source.mjs', import.meta.url);

/** Variables that every server of a test has: its own directory, any port, nothing printed. */
const ofTests = { GLAMBDAR_PORT: '0', GLAMBDAR_LOG_LEVEL: 'silent' };

/** The whole server as users have it, in this process, on a directory of its own; made but not started. */
export async function makeApp(variables: Readonly<Record<string, string>> = {}): Promise<App> {
  const directory = await mkdtemp(join(tmpdir(), 'glambdar-app-'));
  const restore = setVariables({ ...ofTests, ...variables, GLAMBDAR_DIR: directory });
  try {
    const app = await createApp();
    // There is no build to take the program of the thread from.
    Object.assign(app.get(CodeThread), { module: codeThreadFromSource });
    return {
      app,
      close: async () => {
        await app.close();
        await rm(directory, { recursive: true, force: true });
      },
    };
  } finally {
    restore();
  }
}

/** The whole server, listening on any free port of this machine. */
export async function startApp(variables: Readonly<Record<string, string>> = {}): Promise<ListeningApp> {
  const made = await makeApp(variables);
  await made.app.listen(0, '127.0.0.1');
  const { port } = made.app.getHttpServer().address() as AddressInfo;
  return { ...made, url: `http://127.0.0.1:${port}` };
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
