import { join } from 'node:path';
import { maxChunkBytes, streamWindowChunks } from '../src/ipc/protocol/limits.js';
import type { InvokeMessage, LoadMessage } from '../src/ipc/protocol/messages.js';
import type { WorkerEndpoint } from '../src/ipc/worker-dialect.js';
import type { WorkerSession } from '../src/ipc/worker-session.js';
import { httpPresentation, invokeMessage, loadMessage } from '../test/support/messages.js';
import { TemporaryIpc } from '../test/support/temporary-ipc.js';
import { WorkerProcess } from '../test/support/worker-process.js';

describe('the worker, in a process of its own', () => {
  const ipc = new TemporaryIpc();
  let endpoint: WorkerEndpoint;
  let worker: WorkerProcess;
  let session: WorkerSession;
  let printed: { stdout: string; stderr: string };

  afterAll(() => {
    ipc.remove();
  });

  afterEach(async () => {
    await endpoint.close();
    // The closed socket alone must end the worker.
    await worker.exited;
  });

  async function start(functionName: string, environment: Record<string, string> = {}): Promise<void> {
    endpoint = await ipc.service.open();
    worker = new WorkerProcess(endpoint, functionName, environment);
    session = await endpoint.session;
    printed = { stdout: '', stderr: '' };
    session.onLog((stream, bytes) => {
      printed[stream] += bytes.toString('utf8');
    });
  }

  async function loaded(functionName: string, changes: Partial<LoadMessage> = {}): Promise<void> {
    await start(functionName);
    await session.load({ ...loadMessage, ...changes });
  }

  async function call(body = '', changes: Partial<InvokeMessage> = {}) {
    const result = await session.invoke({ ...invokeMessage, ...changes }, Buffer.from(body));
    return { ...result.head, body: result.body.toString('utf8') };
  }

  function giveUpSoon(): void {
    setImmediate(() => {
      session.close();
    });
  }

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
      await loaded(functionName);
      await expect(call('{"a":1}')).resolves.toMatchObject({ statusCode: 200, body: answer });
      expect(printed).toEqual({ stdout: '', stderr: '' });
      expect(worker.ownOutput).toBe('');
    });

    it.each([
      ['no entry file', 'no-entry-file', 'There is no index.js at the root of the archive.'],
      ['no such export', 'no-handler', 'index.js does not export a function named handler.'],
      ['code that throws', 'load-throws', 'broken at the top level'],
      ['code that crashes meanwhile', 'load-crashes', 'broken while loading'],
      ['a syntax error', 'syntax-error', 'Unexpected end of input'],
    ])('says so of %s', async (_, functionName, errorMessage) => {
      await start(functionName);
      await expect(session.load(loadMessage)).rejects.toMatchObject({
        code: 'FUNCTION_LOAD_ERROR',
        details: { errorMessage: expect.stringContaining(errorMessage) as string },
      });
      expect(printed.stderr).toContain(errorMessage);
      await expect(worker.exited).resolves.toBe(1);
    });

    it('goes on until the host gives up when the top level never settles', async () => {
      await start('never-loads');
      giveUpSoon();
      await expect(session.load(loadMessage)).rejects.toMatchObject({ kind: 'gone', reason: 'closed' });
    });

    it('lets top-level code see environment and secrets, its own directory, and nothing of the worker', async () => {
      await loaded('top-level-environment', { environment: { COLOUR: 'red' }, secrets: { KEY: 's3cret' } });
      const { body } = await call();
      const cwd = join(import.meta.dirname, '../test/fixtures/functions/top-level-environment');
      expect(JSON.parse(body)).toEqual({ COLOUR: 'red', KEY: 's3cret', cwd });
    });

    it('is the same where a call waits, which the function does not see', async () => {
      await start('top-level-environment', { GLAMBDAR_CALL_WAITS: '1' });
      await session.load(loadMessage);
      expect(Object.keys(JSON.parse((await call()).body) as object)).toEqual(['cwd']);
    });
  });

  describe('a call', () => {
    it('gives the handler the event and the context', async () => {
      await loaded('echo');
      const { body } = await call('hi');
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
      await loaded('echo');
      const text = 'ü'.repeat(1024 * 1024);
      const { body } = await call(text);
      expect((JSON.parse(body) as { event: { body: string } }).event.body).toBe(text);
    });

    it('may follow another on the same worker once that is idle', async () => {
      await loaded('counter');
      for (const count of ['1', '2', '3']) {
        await expect(call('', { invocationId: `call-${count}` })).resolves.toMatchObject({ body: count });
        await session.idle();
      }
      expect(session.isHealthy).toBe(true);
    });

    it('has its prints delivered in order before its answer', async () => {
      await loaded('printing');
      await call();
      expect(printed).toEqual({ stdout: 'one\nthree\nfour\n', stderr: 'two\n' });
      expect(worker.ownOutput).toBe('');
    });

    it('has its prints reported with the level of their method, or of their stream', async () => {
      await loaded('returns');
      const levels: unknown[] = [];
      session.onLog((stream, bytes, level) => {
        const [text] = bytes.toString('utf8').split('\n');
        levels.push(`${text} ${stream} ${level ?? '-'}`);
      });
      const custom =
        '{ [Symbol.for("nodejs.util.inspect.custom")]: () => { console.debug("inner"); return "outer"; } }';
      await call(`[
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
      await loaded('patches-globals');
      await expect(call()).resolves.toMatchObject({ body: '{"intact":true}' });
      await session.idle();
    });

    it('fails when its result cannot be sent, and the worker can go on', async () => {
      await loaded('returns', { maxResultBytes: 65_536 });
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
        await expect(call(returned)).rejects.toMatchObject({ code });
        await session.idle();
      }
      expect(session.isHealthy).toBe(true);
    });
  });

  describe('a handler with a callback', () => {
    it.each([
      ...['rest', 'restNothing', 'args', 'defaulted', 'defaultedFirst', 'bound', 'wrapped', 'declared'],
      ...['microtask', 'threadPool', 'atOnce', 'promised', 'inAsync', 'beforePromise'],
    ])('is waited for, however it knows of it: %s', async (name) => {
      await loaded('callbacks', { handler: `index.${name}` });
      await expect(call()).resolves.toMatchObject({ statusCode: 200, body: '"late"' });
    });

    it.each(['error', 'errorReturned', 'errorThenThrows'])('fails its call by an error: %s', async (name) => {
      await loaded('callbacks', { handler: `index.${name}` });
      const details = { errorType: 'RangeError', errorMessage: 'called back' };
      await expect(call()).rejects.toMatchObject({ code: 'FUNCTION_ERROR', details });
    });

    it.each([
      ['nothing', ''],
      ['nothingTwice', '"first"'],
      ['work', ''],
      ['value', '3'],
      ['declaredValue', '"function"'],
    ])('that never calls it answers what it returned: %s', async (name, body) => {
      await loaded('callbacks', { handler: `index.${name}` });
      for (const invocationId of ['call-1', 'call-2', 'call-3']) {
        await expect(call('', { invocationId })).resolves.toMatchObject({ statusCode: 200, body });
        await session.idle();
      }
      expect(session.isHealthy).toBe(true);
      // What it had begun has come to its end before it answered.
      expect(printed.stdout).toBe(name === 'work' ? 'worked\n'.repeat(3) : '');
    });

    it.each([
      ['nothing', ''],
      ['takenApart', ''],
      ['value', '3'],
      ['rest', '"late"'],
    ])(
      'is distinguished from one without where top-level code keeps the loop busy: %s',
      async (name, body) => {
        await loaded('held-open', { handler: `index.${name}` });
        await expect(call()).resolves.toMatchObject({ statusCode: 200, body });
      },
    );
  });

  describe('a payload presented as it is', () => {
    async function valueOf(payload: string | Buffer, functionName = 'returns-event') {
      await loaded(functionName);
      const message = { ...invokeMessage, presentation: { kind: 'payload' } as const };
      const { head, body, stream } = await session.invoke(message, Buffer.from(payload));
      const read: Buffer[] = [];
      for await (const bytes of stream ?? []) read.push(bytes as Buffer);
      return {
        head,
        isStreamed: stream !== undefined,
        text: Buffer.concat([body, ...read]).toString('utf8'),
      };
    }

    it.each(['{"a":[1,"ü"]}', '[1]', '"text"', '1', 'true', 'null'])(
      'is the event %s, and what the handler returns is a value',
      async (json) => {
        await expect(valueOf(json)).resolves.toEqual({ head: undefined, isStreamed: false, text: json });
        await session.idle();
        expect(session.isHealthy).toBe(true);
      },
    );

    it('is an empty object where there is none', async () => {
      await expect(valueOf('')).resolves.toMatchObject({ text: '{}' });
    });

    it('keeps what would be a response a value like any other', async () => {
      const response = '{"statusCode":404,"headers":{"a":"b"},"body":"no"}';
      await expect(valueOf(response)).resolves.toMatchObject({ text: response });
    });

    it.each([
      ['nothing', 'undefined', 'null'],
      ['a promise', 'Promise.resolve([1])', '[1]'],
      ['bytes', 'new Uint8Array([1])', '{"0":1}'],
    ])('is answered with the JSON of %s', async (_, returned, text) => {
      await expect(valueOf(JSON.stringify(returned), 'returns-expression')).resolves.toMatchObject({ text });
    });

    it('may be answered in chunks, which are bytes and no JSON', async () => {
      const chunks = '(async function* () { yield "a"; yield Buffer.from("b"); })()';
      await expect(valueOf(JSON.stringify(chunks), 'returns-expression')).resolves.toMatchObject({
        isStreamed: true,
        text: 'ab',
      });
    });

    it.each([
      ['broken JSON', '{"a":', 'FUNCTION_ERROR'],
      ['no UTF-8', Buffer.from([0x22, 0xff, 0x22]), 'FUNCTION_ERROR'],
    ])('fails the call where it is %s', async (_, payload, code) => {
      await expect(valueOf(payload)).rejects.toMatchObject({ code });
    });

    it('refuses a value that JSON cannot carry, and one that is too large', async () => {
      const refused = { code: 'FUNCTION_INVALID_RESPONSE' };
      await expect(valueOf('"1n"', 'returns-expression')).rejects.toMatchObject(refused);
      const large = JSON.stringify(`"x".repeat(${loadMessage.maxResultBytes})`);
      const message = { ...invokeMessage, presentation: { kind: 'payload' } as const };
      await session.idle();
      await expect(session.invoke(message, Buffer.from(large))).rejects.toMatchObject({
        code: 'FUNCTION_RESPONSE_TOO_LARGE',
      });
    });
  });

  describe('a body in chunks', () => {
    /** What the returned expression is sent as, read whole. */
    async function streamed(returned: string, changes: Partial<InvokeMessage> = {}) {
      const { head, stream } = await session.invoke({ ...invokeMessage, ...changes }, Buffer.from(returned));
      const read: Buffer[] = [];
      for await (const bytes of stream ?? []) read.push(bytes as Buffer);
      return { ...head, isStreamed: stream !== undefined, text: Buffer.concat(read).toString('utf8') };
    }

    it.each([
      ['an async generator', '{ body: (async function* () { yield "a"; yield Buffer.from("b"); })() }'],
      ['a value that is one', '(async function* () { yield "a"; yield new Uint8Array([98]); })()'],
      ['a Node stream', '{ body: require("stream").Readable.from(["a", Buffer.from("b")]) }'],
      ['a web stream', '{ body: new Blob(["a", "b"]).stream() }'],
      ['a source of its own kind', '{ body: { async *[Symbol.asyncIterator]() { yield "a"; yield "b"; } } }'],
    ])('is sent of %s', async (_, returned) => {
      await loaded('returns');
      await expect(streamed(returned)).resolves.toMatchObject({
        statusCode: 200,
        headers: { 'content-type': 'application/octet-stream' },
        isStreamed: true,
        text: 'ab',
      });
      await session.idle();
      expect(session.isHealthy).toBe(true);
    });

    it('may be that of a web Response', async () => {
      await loaded('returns');
      const body =
        'new ReadableStream({ async pull(c) { await new Promise((r) => setTimeout(r, 5)); c.enqueue("a"); c.close(); } })';
      await expect(
        streamed(
          `new Response(${body}, { status: 206, headers: [["set-cookie", "a=1"], ["set-cookie", "b=2"]] })`,
        ),
      ).resolves.toEqual({
        statusCode: 206,
        headers: { 'content-type': 'application/octet-stream', 'set-cookie': ['a=1', 'b=2'] },
        isStreamed: true,
        text: 'a',
      });
      await session.idle();
    });

    it('has the status, headers and cookies beside it', async () => {
      await loaded('returns');
      const body = '(async function* () { yield "x"; })()';
      const head = '{ statusCode: 206, headers: { "Content-Type": "text/event-stream" }, cookies: ["a=1"]';
      await expect(streamed(`${head}, body: ${body} }`)).resolves.toMatchObject({
        statusCode: 206,
        headers: { 'content-type': 'text/event-stream', 'set-cookie': ['a=1'] },
      });
    });

    it('may be long, and comes as fast as it is taken', async () => {
      await loaded('returns');
      const megabytes =
        '(async function* () { for (let n = 0; n < 20; n += 1) yield "ü".repeat(524288); })()';
      const { text } = await streamed(`{ body: ${megabytes} }`);
      expect(Buffer.byteLength(text)).toBe(20 * 1024 * 1024);
      await session.idle();
    });

    it.each([
      ['HEAD', 200],
      ['GET', 304],
      ['GET', 204],
    ])('is not read in answer to %s with %d, and let go', async (method, statusCode) => {
      await loaded('returns');
      const body =
        'Object.assign(async function* () { yield 1; }(), { destroy() { console.log("let go"); } })';
      const answer = await streamed(`{ statusCode: ${statusCode}, body: ${body} }`, {
        presentation: { ...httpPresentation, method },
      });
      expect(answer).toMatchObject({ statusCode, isStreamed: false, text: '' });
      await session.idle();
      expect(printed.stdout).toBe('let go\n');
    });

    it.each([
      ['throws', 'throw new RangeError("half way");', 'FUNCTION_ERROR', 'half way'],
      ['gives what is neither text nor bytes', 'yield {};', 'FUNCTION_ERROR', 'strings and bytes'],
    ])('breaks off when it %s, after what came before', async (_, line, code, message) => {
      await loaded('returns');
      await expect(streamed(`{ body: (async function* () { yield "a"; ${line} })() }`)).rejects.toMatchObject(
        {
          code,
          details: { errorMessage: expect.stringContaining(message) as string },
        },
      );
      expect(printed.stderr).toContain(message);
      expect(session.isHealthy).toBe(false);
    });

    it('breaks off when the process ends in the middle', async () => {
      await loaded('returns');
      const ends = '{ body: (async function* () { yield "a"; process.exit(3); })() }';
      await expect(streamed(ends)).rejects.toMatchObject({ kind: 'gone', reason: 'disconnected' });
    });

    it.each([
      ['writes and ends', 'stream.write("a"); stream.end("b");', 200, 'ab'],
      ['is piped into', 'await require("stream/promises").pipeline(["a", "b"], stream);', 200, 'ab'],
      [
        'has a head of its own',
        'stream = awslambda.HttpResponseStream.from(stream, { statusCode: 201 }); stream.end("c");',
        201,
        'c',
      ],
      ['writes nothing', '', 200, ''],
    ])('may come from Lambda’s own way to stream: a handler that %s', async (_, lines, statusCode, text) => {
      await loaded('returns');
      const handler = `awslambda.streamifyResponse(async (event, stream) => { ${lines} })`;
      await expect(streamed(`${handler}(event, {})`)).resolves.toMatchObject({ statusCode, text });
      await session.idle();
      expect(session.isHealthy).toBe(true);
    });

    it('of Lambda’s own way fails the call when the handler throws before its first byte', async () => {
      await loaded('returns');
      const handler = 'awslambda.streamifyResponse(async () => { throw new Error("early"); })';
      await expect(streamed(`${handler}(event, {})`)).rejects.toMatchObject({
        code: 'FUNCTION_ERROR',
        details: { errorMessage: 'early' },
      });
      await session.idle();
      expect(session.isHealthy).toBe(true);
    });

    it('is asked for nothing more while nobody takes it', async () => {
      await loaded('returns');
      const counting =
        '{ body: (async function* () { for (;;) { console.log("."); yield Buffer.alloc(65536); } })() }';
      const { stream } = await session.invoke(invokeMessage, Buffer.from(counting));
      const isFull = () => stream?.bytes === streamWindowChunks * maxChunkBytes;
      while (!isFull()) await new Promise((resolve) => setImmediate(resolve));
      // One chunk more has been made and waits for credit.
      while (printed.stdout.length < 2 * (streamWindowChunks + 1))
        await new Promise((resolve) => setImmediate(resolve));
      expect(printed.stdout).toBe('.\n'.repeat(streamWindowChunks + 1));
    });
  });

  describe('a handler that fails', () => {
    it('fails its call with its error, prints the stack, and may be called again', async () => {
      await loaded('throws');
      await expect(call()).rejects.toMatchObject({
        code: 'FUNCTION_ERROR',
        details: { errorType: 'TypeError', errorMessage: 'on purpose' },
        cause: { stack: expect.stringContaining('index.js:') as string },
      });
      expect(printed.stderr).toContain('TypeError: on purpose\n    at ');
      await session.idle();
      expect(session.isHealthy).toBe(true);
    });

    it('is reported with what caused it, in its log once', async () => {
      await loaded('returns');
      const cause = 'Object.assign(new Error("connect refused"), { code: "ECONNREFUSED" })';
      const throwing = `Promise.reject(new TypeError("fetch failed", { cause: ${cause} }))`;
      await expect(call(throwing)).rejects.toMatchObject({
        message: 'The function threw TypeError: fetch failed: connect refused',
        details: { errorType: 'TypeError', errorMessage: 'fetch failed: connect refused' },
        cause: { causes: [{ errorType: 'Error', errorMessage: 'connect refused', code: 'ECONNREFUSED' }] },
      });
      expect(printed.stderr.match(/fetch failed/g)).toHaveLength(1);
      expect(printed.stderr).toMatch(
        /\n {2}\[cause\]: Error: connect refused\n[^]* {6}code: ECONNREFUSED\n$/,
      );
      expect(worker.ownOutput).toBe('');
    });

    it('may throw anything at all', async () => {
      await loaded('throws-oddly');
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
        await expect(call(oddity)).rejects.toMatchObject({ details: { errorType, errorMessage } });
        await session.idle();
      }
    });

    it.each([
      ['an uncaught error', 'uncaught', 'RangeError', 'nobody catches this'],
      ['an unhandled rejection', 'unhandled-rejection', 'Error', 'nobody awaits this'],
    ])('fails its call by %s, and its worker ends', async (_, functionName, errorType, errorMessage) => {
      await loaded(functionName);
      await expect(call()).rejects.toMatchObject({
        code: 'FUNCTION_ERROR',
        details: { errorType, errorMessage },
      });
      expect(session.isHealthy).toBe(false);
      await expect(worker.exited).resolves.toBe(1);
    });

    it('keeps its answer when it crashes afterwards, and is not idle again', async () => {
      await loaded('crash-after-result');
      await expect(call()).resolves.toMatchObject({ body: '"answered"' });
      await expect(session.gone).resolves.toMatchObject({ kind: 'gone', reason: 'disconnected' });
      expect(printed.stderr).toContain('too late to matter');
    });

    it('loses none of its prints when it exits the process', async () => {
      await loaded('exits');
      await expect(call()).rejects.toMatchObject({ kind: 'gone', reason: 'disconnected' });
      expect(printed.stdout).toBe('last words\n');
      await expect(worker.exited).resolves.toBe(7);
    });

    it('loses none of two megabytes printed in one turn before it exits', async () => {
      await loaded('print-flood');
      await expect(call()).rejects.toMatchObject({ kind: 'gone', reason: 'disconnected' });
      expect(session.logBytes).toBe(2000 * 1024);
      expect(printed.stdout).toHaveLength(2000 * 1024);
    });

    it('goes on until the host gives up when it never settles', async () => {
      await loaded('never-settles');
      giveUpSoon();
      await expect(call()).rejects.toMatchObject({ kind: 'gone', reason: 'closed' });
      await expect(worker.exited).resolves.toBe(0);
    });
  });
});
