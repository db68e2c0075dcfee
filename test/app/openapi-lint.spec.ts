import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openApiDocument } from '../../src/http/openapi/openapi.js';
import { makeApp } from '../support/app.js';

const project = fileURLToPath(new URL('../../', import.meta.url));

/** Programs are started here, and on a busy machine each takes seconds. */
const withinMs = 120_000;

let directory: string;
let file: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'glambdar-openapi-'));
  file = join(directory, 'openapi.json');
  await writeFile(file, JSON.stringify(openApiDocument(await makeApp())));
}, withinMs);

afterAll(() => rm(directory, { recursive: true }));

/** What a linter says, and its exit code. */
function lint(program: string, words: readonly string[]): Promise<{ exitCode: number; output: string }> {
  const env = { ...process.env, NODE_OPTIONS: '', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' };
  const path = join(project, 'node_modules', '.bin', program);
  return new Promise((resolve) => {
    const child = execFile(path, [...words, file], { cwd: project, env }, (_error, stdout, stderr) => {
      resolve({ exitCode: child.exitCode ?? -1, output: stdout + stderr });
    });
  });
}

describe('the OpenAPI document', () => {
  it(
    'has no error and no warning for Redocly',
    async () => {
      const { exitCode, output } = await lint('redocly', ['lint', '--max-problems=20']);
      expect(exitCode === 0 ? '' : output).toBe('');
      expect(output).toContain('Your API description is valid');
    },
    withinMs,
  );

  it(
    'has no error and no warning for Spectral',
    async () => {
      const words = ['lint', '--ruleset=.spectral.yaml', '--fail-severity=warn'];
      const { exitCode, output } = await lint('spectral', words);
      expect(exitCode === 0 ? '' : output).toBe('');
      expect(output).toContain('No results with a severity of');
    },
    withinMs,
  );
});
