import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { ServerProcess } from '../support/server-process.js';

const run = promisify(execFile);
const project = fileURLToPath(new URL('../../', import.meta.url));

/** Processes are started here, and on a busy machine each takes seconds. */
const withinMs = 120_000;

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'glambdar-application-'));
});
const servers: ServerProcess[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.kill();
  await rm(directory, { recursive: true });
});

describe('the built application', () => {
  it(
    'is made by a process that may read nothing but the project and write nothing, and that then ends by itself',
    async () => {
      // Of the other things that a process may be denied, such as threads and programs, it needs none either.
      const words = ['--permission', `--allow-fs-read=${project}`, 'test/support/loaded-files.mjs'];
      const env = { ...process.env, NODE_OPTIONS: '', GLAMBDAR_DIR: join(directory, 'nowhere') };
      const { stdout } = await run(process.execPath, words, { cwd: project, env, maxBuffer: 10_000_000 });
      expect(await readdir(directory)).toEqual([]);
      const loaded = JSON.parse(stdout) as string[];
      expect(loaded.length).toBeGreaterThan(500);
      const needless =
        /\/node_modules\/(@nestjs\/swagger|swagger-ui-dist|js-yaml|@grpc|protobufjs|ssh2|libphonenumber-js|@opentelemetry)\//;
      expect(loaded.filter((file) => needless.test(file))).toEqual([]);
    },
    withinMs,
  );

  it(
    'serves the document that the build has made, and a page with all that it refers to',
    async () => {
      const server = ServerProcess.spawn({
        GLAMBDAR_DIR: join(directory, 'state'),
        GLAMBDAR_PREWARMED_CONTAINERS: '0',
      });
      servers.push(server);
      const url = await server.listening();
      const served = await fetch(`${url}/openapi.json`);
      expect(served.headers.get('content-type')).toMatch(/^application\/json/);
      expect(await served.text()).toBe(await readFile(join(project, 'dist', 'openapi.json'), 'utf8'));
      const page = await (await fetch(`${url}/docs`)).text();
      const parts = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, part]) => part ?? '');
      expect(parts.length).toBeGreaterThan(2);
      for (const part of parts) expect((await fetch(new URL(part, `${url}/docs`))).status).toBe(200);
      // With a slash it would look for them elsewhere.
      expect((await fetch(`${url}/docs/`)).url).toBe(`${url}/docs`);
      expect((await fetch(`${url}/docs/index.js`)).status).toBe(404);
      server.signal('SIGTERM');
      await expect(server.ended).resolves.toMatchObject({ exitCode: 0 });
    },
    withinMs,
  );
});
