import { ConnectedWorkers } from '../test/support/connected-workers.js';

describe('the worker, in a process of its own', () => {
  const workers = new ConnectedWorkers();

  describe('a handler that fails', () => {
    it('fails its call with its error, prints the stack, and may be called again', async () => {
      const worker = await workers.loaded('throws');
      await expect(worker.call()).rejects.toMatchObject({
        code: 'FUNCTION_ERROR',
        details: { errorType: 'TypeError', errorMessage: 'on purpose' },
        cause: { stack: expect.stringContaining('index.js:') as string },
      });
      expect(worker.printed.stderr).toContain('TypeError: on purpose\n    at ');
      await worker.session.idle();
      expect(worker.session.isHealthy).toBe(true);
    });

    it('is reported with what caused it, in its log once', async () => {
      const worker = await workers.loaded('returns');
      const cause = 'Object.assign(new Error("connect refused"), { code: "ECONNREFUSED" })';
      const throwing = `Promise.reject(new TypeError("fetch failed", { cause: ${cause} }))`;
      await expect(worker.call(throwing)).rejects.toMatchObject({
        message: 'The function threw TypeError: fetch failed: connect refused',
        details: { errorType: 'TypeError', errorMessage: 'fetch failed: connect refused' },
        cause: { causes: [{ errorType: 'Error', errorMessage: 'connect refused', code: 'ECONNREFUSED' }] },
      });
      expect(worker.printed.stderr.match(/fetch failed/g)).toHaveLength(1);
      expect(worker.printed.stderr).toMatch(
        /\n {2}\[cause\]: Error: connect refused\n[^]* {6}code: ECONNREFUSED\n$/,
      );
      expect(worker.ownOutput).toBe('');
    });

    it('may throw anything at all', async () => {
      const worker = await workers.loaded('throws-oddly');
      const oddities = [
        ['null', 'null', 'null'],
        ['undefined', 'undefined', 'undefined'],
        ['string', 'string', 'just text'],
        ['frozen', 'Object', 'frozen'],
        ['proxy', 'Error', 'The thrown value cannot be read.'],
        ['getters', 'Error', 'The thrown value cannot be read.'],
        ['symbol', 'symbol', 'Symbol(s)'],
        ['long', 'Error', 'm'.repeat(1024)],
      ] as const;
      for (const [oddity, errorType, errorMessage] of oddities) {
        await expect(worker.call(oddity)).rejects.toMatchObject({ details: { errorType, errorMessage } });
        await worker.session.idle();
      }
    });

    it.each([
      ['an uncaught error', 'uncaught', 'RangeError', 'nobody catches this'],
      ['an unhandled rejection', 'unhandled-rejection', 'Error', 'nobody awaits this'],
    ])('fails its call by %s, and its worker ends', async (_, functionName, errorType, errorMessage) => {
      const worker = await workers.loaded(functionName);
      await expect(worker.call()).rejects.toMatchObject({
        code: 'FUNCTION_ERROR',
        details: { errorType, errorMessage },
      });
      expect(worker.session.isHealthy).toBe(false);
      await expect(worker.exited).resolves.toBe(1);
    });

    it('keeps its answer when it crashes afterwards, and is not idle again', async () => {
      const worker = await workers.loaded('crash-after-result');
      await expect(worker.call()).resolves.toMatchObject({ body: '"answered"' });
      await expect(worker.session.gone).resolves.toMatchObject({ kind: 'gone', reason: 'disconnected' });
      expect(worker.printed.stderr).toContain('too late to matter');
    });

    it('loses none of its prints when it exits the process', async () => {
      const worker = await workers.loaded('exits');
      await expect(worker.call()).rejects.toMatchObject({ kind: 'gone', reason: 'disconnected' });
      expect(worker.printed.stdout).toBe('last words\n');
      await expect(worker.exited).resolves.toBe(7);
    });

    it('loses none of two megabytes printed in one turn before it exits', async () => {
      const worker = await workers.loaded('print-flood');
      await expect(worker.call()).rejects.toMatchObject({ kind: 'gone', reason: 'disconnected' });
      expect(worker.session.logBytes).toBe(2000 * 1024);
      expect(worker.printed.stdout).toHaveLength(2000 * 1024);
    });

    it('goes on until the host gives up when it never settles', async () => {
      const worker = await workers.loaded('never-settles');
      worker.giveUpSoon();
      await expect(worker.call()).rejects.toMatchObject({ kind: 'gone', reason: 'closed' });
      await expect(worker.exited).resolves.toBe(0);
    });
  });
});
