import { execFile } from 'node:child_process';
import { cp, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { patientlyMs, Served } from '../support/served.js';

const run = promisify(execFile);
const project = fileURLToPath(new URL('../../', import.meta.url));

/** Below the project, so that the client finds the project's types; made anew each time. */
const directory = join(project, 'dist', 'client');

let served: Served;
beforeAll(async () => {
  served = await Served.start();
}, patientlyMs);
afterAll(() => served.expectCleanEnd(), patientlyMs);

describe('a TypeScript client generated from the OpenAPI document', () => {
  it(
    'compiles, and does with typed calls what the routes promise',
    async () => {
      await rm(directory, { recursive: true, force: true });
      await mkdir(directory, { recursive: true });
      await cp(join(project, 'test', 'fixtures', 'client'), directory, { recursive: true });
      const zip = join(directory, 'hello.zip');
      await run(process.execPath, ['scripts/zip.mjs', 'examples/hello', zip], { cwd: project });
      const generated = join(directory, 'generated');
      await run(process.execPath, ['scripts/openapi.mjs', '--client', generated], { cwd: project });
      await run(process.execPath, ['node_modules/typescript/bin/tsc', '--project', directory], {
        cwd: project,
      });

      const { stdout } = await run(process.execPath, [join(directory, 'program.js'), served.url, zip]);

      expect(JSON.parse(stdout)).toEqual({
        ready: 'ok',
        deployed: 'hello',
        again: 'FUNCTION_EXISTS',
        answer: { message: 'Hello client!' },
        below: 200,
        configured: 5,
        environment: { A: 'b' },
        published: 2,
        changed: [
          ['environment.A', 'b', null],
          ['environment.D', null, 'e'],
          ['memoryMiB', 128, 192],
        ],
        another: 3,
        rolledBack: 1,
        versions: [
          { version: 3, current: false },
          { version: 2, current: false },
          { version: 1, current: true },
        ],
        logs: 0,
        outcome: 'success',
        records: [true, true],
        invokeCount: 2,
        listed: 1,
        set: 'API_TOKEN',
        secrets: ['API_TOKEN'],
        noSecret: 'SECRET_NOT_FOUND',
        measured: '2',
        gone: 'FUNCTION_NOT_FOUND',
      });
    },
    patientlyMs,
  );
});
