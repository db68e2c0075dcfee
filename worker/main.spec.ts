import { ConnectedWorkers } from '../test/support/connected-workers.js';

describe('the worker, in a process of its own', () => {
  const workers = new ConnectedWorkers();

  describe('a call', () => {
    it('gives the handler the event and the context', async () => {
      const worker = await workers.loaded('echo');
      const { body } = await worker.call('hi');
      expect(JSON.parse(body)).toMatchObject({
        event: { version: '2.0', rawPath: '/a/b', body: 'hi', requestContext: { requestId: 'call-1' } },
        context: {
          awsRequestId: 'call-1',
          functionName: 'myfunc',
          functionVersion: '3',
          memoryLimitInMB: '128',
        },
      });
    });

    it('carries megabytes both ways', async () => {
      const worker = await workers.loaded('echo');
      const text = 'ü'.repeat(1024 * 1024);
      const { body } = await worker.call(text);
      expect((JSON.parse(body) as { event: { body: string } }).event.body).toBe(text);
    });

    it('may follow another on the same worker once that is idle', async () => {
      const worker = await workers.loaded('counter');
      for (const count of ['1', '2', '3']) {
        await expect(worker.call('', { invocationId: `call-${count}` })).resolves.toMatchObject({
          body: count,
        });
        await worker.session.idle();
      }
      expect(worker.session.isHealthy).toBe(true);
    });

    it('has its prints delivered in order before its answer', async () => {
      const worker = await workers.loaded('printing');
      await worker.call();
      expect(worker.printed).toEqual({ stdout: 'one\nthree\nfour\n', stderr: 'two\n' });
      expect(worker.ownOutput).toBe('');
    });

    it('has its prints reported with the level of their method, or of their stream', async () => {
      const worker = await workers.loaded('returns');
      const levels: unknown[] = [];
      worker.session.onLog((stream, bytes, level) => {
        const [text] = bytes.toString('utf8').split('\n');
        levels.push(`${text} ${stream} ${level ?? '-'}`);
      });
      const custom =
        '{ [Symbol.for("nodejs.util.inspect.custom")]: () => { console.debug("inner"); return "outer"; } }';
      await worker.call(`[
        console.debug('a %d', 1), console.log('b'), console.info('c'), console.warn('d\\nd'), console.error('e'),
        console.trace('f'), console.assert(false, 'g'), console.dir('h'), console.warn(${custom}),
        process.stdout.write('i\\n'), process.stderr.write('j\\n'),
        new console.Console(process.stdout).debug('k'), require('node:console').debug('l'), console.debug.name,
        console.group('m'), console.debug('n'), console.groupEnd(),
      ] && undefined`);
      expect(levels).toEqual([
        ...['a 1 stdout debug', 'b stdout -', 'c stdout -', 'd stderr warn', 'e stderr -'],
        ...['Trace: f stderr debug', 'Assertion failed: g stderr warn', "'h' stdout -"],
        ...['inner stdout debug', 'outer stderr warn', 'i stdout -', 'j stderr -'],
        ...['k stdout -', 'l stdout debug', 'm stdout -', '  n stdout debug'],
      ]);
    });

    it('is answered by the worker’s own built-ins whatever the function did to the global ones', async () => {
      const worker = await workers.loaded('patches-globals');
      await expect(worker.call()).resolves.toMatchObject({ body: '{"intact":true}' });
      await worker.session.idle();
    });

    it('fails when its result cannot be sent, and the worker can go on', async () => {
      const worker = await workers.loaded('returns', { maxResultBytes: 65_536 });
      const results = [
        ['"x".repeat(70000)', 'FUNCTION_RESPONSE_TOO_LARGE'],
        ['1n', 'FUNCTION_INVALID_RESPONSE'],
        ['{ statusCode: 99 }', 'FUNCTION_INVALID_RESPONSE'],
        ['new RangeError("returned")', 'FUNCTION_ERROR'],
        ['{ body: Promise.reject(new RangeError("rejected")) }', 'FUNCTION_ERROR'],
        ['Response.error()', 'FUNCTION_INVALID_RESPONSE'],
        ['{ headers: { a: "b\\r\\nc: d" } }', 'FUNCTION_INVALID_RESPONSE'],
        ['{ headers: { a: "b".repeat(1e6) } }', 'FUNCTION_INVALID_RESPONSE'],
      ] as const;
      for (const [returned, code] of results) {
        await expect(worker.call(returned)).rejects.toMatchObject({ code });
        await worker.session.idle();
      }
      expect(worker.session.isHealthy).toBe(true);
    });
  });
});
