import { join } from 'node:path';
import { loadMessage } from '../../test/support/messages.js';
import { ConnectedWorkers } from '../../test/support/connected-workers.js';

describe('the worker, in a process of its own', () => {
  const workers = new ConnectedWorkers();

  describe('loading', () => {
    it.each([
      ['CommonJS', 'hello', '{"message":"Hello"}'],
      ['an ES module in index.js', 'esm', '{"a":1}'],
      ['index.mjs', 'esm-mjs', '"from mjs"'],
      ['index.cjs', 'commonjs-cjs', '"from cjs"'],
      ['index.ts', 'typescript', '"/a/b"'],
      ['exports made at run time', 'built-exports', '"built"'],
      ['an ES module that waits at its top level, once', 'top-level-await', '{"colour":"red","runs":1}'],
      ['code that asks for the main program, which there is none of', 'main-module', '{"main":"undefined"}'],
      ['a handler with a callback', 'callback', '"called back"'],
    ])('takes %s', async (_, functionName, answer) => {
      const worker = await workers.loaded(functionName);
      await expect(worker.call('{"a":1}')).resolves.toMatchObject({ statusCode: 200, body: answer });
      expect(worker.printed).toEqual({ stdout: '', stderr: '' });
      expect(worker.ownOutput).toBe('');
    });

    it.each([
      ['no entry file', 'no-entry-file', 'There is no index.js at the root of the archive.'],
      ['no such export', 'no-handler', 'index.js does not export a function named handler.'],
      ['code that throws', 'load-throws', 'broken at the top level'],
      ['code that crashes meanwhile', 'load-crashes', 'broken while loading'],
      ['a syntax error', 'syntax-error', 'Unexpected end of input'],
    ])('says so of %s', async (_, functionName, errorMessage) => {
      const worker = await workers.start(functionName);
      await expect(worker.session.load(loadMessage)).rejects.toMatchObject({
        code: 'FUNCTION_LOAD_ERROR',
        details: { errorMessage: expect.stringContaining(errorMessage) as string },
      });
      expect(worker.printed.stderr).toContain(errorMessage);
      await expect(worker.exited).resolves.toBe(1);
    });

    it('goes on until the host gives up when the top level never settles', async () => {
      const worker = await workers.start('never-loads');
      worker.giveUpSoon();
      await expect(worker.session.load(loadMessage)).rejects.toMatchObject({
        kind: 'gone',
        reason: 'closed',
      });
    });

    it('lets top-level code see environment and secrets, its own directory, and nothing of the worker', async () => {
      const worker = await workers.loaded('top-level-environment', {
        environment: { COLOUR: 'red' },
        secrets: { KEY: 's3cret' },
      });
      const { body } = await worker.call();
      const cwd = join(import.meta.dirname, '../../test/fixtures/functions/top-level-environment');
      expect(JSON.parse(body)).toEqual({ COLOUR: 'red', KEY: 's3cret', cwd });
    });

    it('is the same where a call waits, which the function does not see', async () => {
      const worker = await workers.start('top-level-environment', { GLAMBDAR_CALL_WAITS: '1' });
      await worker.session.load(loadMessage);
      expect(Object.keys(JSON.parse((await worker.call()).body) as object)).toEqual(['cwd']);
    });
  });
});
