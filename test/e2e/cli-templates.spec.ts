import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { personsEnvironment, runGlambdar } from '../support/glambdar.js';
import { patientlyMs, Served } from '../support/served.js';

/** Templates that the server builds: packages come from the registry, as they do for everybody. */
let served: Served;
let directory: string;
beforeAll(async () => {
  served = await Served.start();
  directory = await mkdtemp(join(tmpdir(), 'templates-'));
}, patientlyMs);
afterAll(async () => {
  await rm(directory, { recursive: true, force: true });
  await served.expectCleanEnd();
}, patientlyMs);

const glambdar = (cwd: string, ...words: string[]) =>
  runGlambdar(cwd, personsEnvironment(served.url, directory), words);

describe('a function that the server builds', () => {
  it.each(['typescript', 'express', 'hono'])(
    'is made, published and called with the template %s',
    async (template) => {
      const cwd = join(directory, template);
      expect(await glambdar(directory, 'init', template, '--template', template)).toMatchObject({
        exitCode: 0,
      });
      const deployed = await glambdar(cwd, 'deploy', '--json');
      expect(deployed).toMatchObject({ exitCode: 0 });
      expect(JSON.parse(deployed.stdout)).toMatchObject({ version: 1, build: { state: 'succeeded' } });
      const { stdout } = await glambdar(cwd, 'invoke');
      expect(JSON.parse(stdout)).toEqual({ message: 'Hello World!' });
    },
    patientlyMs,
  );
});
