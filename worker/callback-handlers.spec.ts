import { ConnectedWorkers } from '../test/support/connected-workers.js';

describe('the worker, in a process of its own', () => {
  const workers = new ConnectedWorkers();

  describe('a handler with a callback', () => {
    it.each([
      ...['rest', 'restNothing', 'args', 'defaulted', 'defaultedFirst', 'bound', 'wrapped', 'declared'],
      ...['microtask', 'threadPool', 'atOnce', 'promised', 'inAsync', 'beforePromise'],
    ])('is waited for, however it knows of it: %s', async (name) => {
      const worker = await workers.loaded('callbacks', { handler: `index.${name}` });
      await expect(worker.call()).resolves.toMatchObject({ statusCode: 200, body: '"late"' });
    });

    it.each(['error', 'errorReturned', 'errorThenThrows'])('fails its call by an error: %s', async (name) => {
      const worker = await workers.loaded('callbacks', { handler: `index.${name}` });
      const details = { errorType: 'RangeError', errorMessage: 'called back' };
      await expect(worker.call()).rejects.toMatchObject({ code: 'FUNCTION_ERROR', details });
    });

    it.each([
      ['nothing', ''],
      ['nothingTwice', '"first"'],
      ['work', ''],
      ['value', '3'],
      ['declaredValue', '"function"'],
    ])('that never calls it answers what it returned: %s', async (name, body) => {
      const worker = await workers.loaded('callbacks', { handler: `index.${name}` });
      for (const invocationId of ['call-1', 'call-2', 'call-3']) {
        await expect(worker.call('', { invocationId })).resolves.toMatchObject({ statusCode: 200, body });
        await worker.session.idle();
      }
      expect(worker.session.isHealthy).toBe(true);
      // What it had begun has come to its end before it answered.
      expect(worker.printed.stdout).toBe(name === 'work' ? 'worked\n'.repeat(3) : '');
    });

    it.each([
      ['nothing', ''],
      ['takenApart', ''],
      ['value', '3'],
      ['rest', '"late"'],
    ])(
      'is distinguished from one without where top-level code keeps the loop busy: %s',
      async (name, body) => {
        const worker = await workers.loaded('held-open', { handler: `index.${name}` });
        await expect(worker.call()).resolves.toMatchObject({ statusCode: 200, body });
      },
    );
  });
});
