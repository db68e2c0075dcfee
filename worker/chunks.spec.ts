import { maxChunkBytes, streamWindowChunks } from '../src/ipc/protocol/limits.js';
import type { InvokeMessage } from '../src/ipc/protocol/messages.js';
import { httpPresentation, invokeMessage } from '../test/support/messages.js';
import { type ConnectedWorker, ConnectedWorkers } from '../test/support/connected-workers.js';

describe('the worker, in a process of its own', () => {
  const workers = new ConnectedWorkers();

  describe('a body in chunks', () => {
    /** What the returned expression is sent as, read whole. */
    async function streamed(worker: ConnectedWorker, returned: string, changes: Partial<InvokeMessage> = {}) {
      const { head, stream } = await worker.session.invoke(
        { ...invokeMessage, ...changes },
        Buffer.from(returned),
      );
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
      const worker = await workers.loaded('returns');
      await expect(streamed(worker, returned)).resolves.toMatchObject({
        statusCode: 200,
        headers: { 'content-type': 'application/octet-stream' },
        isStreamed: true,
        text: 'ab',
      });
      await worker.session.idle();
      expect(worker.session.isHealthy).toBe(true);
    });

    it('may be that of a web Response', async () => {
      const worker = await workers.loaded('returns');
      const body =
        'new ReadableStream({ async pull(c) { await new Promise((r) => setTimeout(r, 5)); c.enqueue("a"); c.close(); } })';
      await expect(
        streamed(
          worker,
          `new Response(${body}, { status: 206, headers: [["set-cookie", "a=1"], ["set-cookie", "b=2"]] })`,
        ),
      ).resolves.toEqual({
        statusCode: 206,
        headers: { 'content-type': 'application/octet-stream', 'set-cookie': ['a=1', 'b=2'] },
        isStreamed: true,
        text: 'a',
      });
      await worker.session.idle();
    });

    it('has the status, headers and cookies beside it', async () => {
      const worker = await workers.loaded('returns');
      const body = '(async function* () { yield "x"; })()';
      const head = '{ statusCode: 206, headers: { "Content-Type": "text/event-stream" }, cookies: ["a=1"]';
      await expect(streamed(worker, `${head}, body: ${body} }`)).resolves.toMatchObject({
        statusCode: 206,
        headers: { 'content-type': 'text/event-stream', 'set-cookie': ['a=1'] },
      });
    });

    it('may be long, and comes as fast as it is taken', async () => {
      const worker = await workers.loaded('returns');
      const megabytes =
        '(async function* () { for (let n = 0; n < 20; n += 1) yield "ü".repeat(524288); })()';
      const { text } = await streamed(worker, `{ body: ${megabytes} }`);
      expect(Buffer.byteLength(text)).toBe(20 * 1024 * 1024);
      await worker.session.idle();
    });

    it.each([
      ['HEAD', 200],
      ['GET', 304],
      ['GET', 204],
    ])('is not read in answer to %s with %d, and let go', async (method, statusCode) => {
      const worker = await workers.loaded('returns');
      const body =
        'Object.assign(async function* () { yield 1; }(), { destroy() { console.log("let go"); } })';
      const answer = await streamed(worker, `{ statusCode: ${statusCode}, body: ${body} }`, {
        presentation: { ...httpPresentation, method },
      });
      expect(answer).toMatchObject({ statusCode, isStreamed: false, text: '' });
      await worker.session.idle();
      expect(worker.printed.stdout).toBe('let go\n');
    });

    it.each([
      ['throws', 'throw new RangeError("half way");', 'FUNCTION_ERROR', 'half way'],
      ['gives what is neither text nor bytes', 'yield {};', 'FUNCTION_ERROR', 'strings and bytes'],
    ])('breaks off when it %s, after what came before', async (_, line, code, message) => {
      const worker = await workers.loaded('returns');
      await expect(
        streamed(worker, `{ body: (async function* () { yield "a"; ${line} })() }`),
      ).rejects.toMatchObject({
        code,
        details: { errorMessage: expect.stringContaining(message) as string },
      });
      expect(worker.printed.stderr).toContain(message);
      expect(worker.session.isHealthy).toBe(false);
    });

    it('breaks off when the process ends in the middle', async () => {
      const worker = await workers.loaded('returns');
      const ends = '{ body: (async function* () { yield "a"; process.exit(3); })() }';
      await expect(streamed(worker, ends)).rejects.toMatchObject({ kind: 'gone', reason: 'disconnected' });
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
      const worker = await workers.loaded('returns');
      const handler = `awslambda.streamifyResponse(async (event, stream) => { ${lines} })`;
      await expect(streamed(worker, `${handler}(event, {})`)).resolves.toMatchObject({ statusCode, text });
      await worker.session.idle();
      expect(worker.session.isHealthy).toBe(true);
    });

    it('of Lambda’s own way fails the call when the handler throws before its first byte', async () => {
      const worker = await workers.loaded('returns');
      const handler = 'awslambda.streamifyResponse(async () => { throw new Error("early"); })';
      await expect(streamed(worker, `${handler}(event, {})`)).rejects.toMatchObject({
        code: 'FUNCTION_ERROR',
        details: { errorMessage: 'early' },
      });
      await worker.session.idle();
      expect(worker.session.isHealthy).toBe(true);
    });

    it('is asked for nothing more while nobody takes it', async () => {
      const worker = await workers.loaded('returns');
      const counting =
        '{ body: (async function* () { for (;;) { console.log("."); yield Buffer.alloc(65536); } })() }';
      const { stream } = await worker.session.invoke(invokeMessage, Buffer.from(counting));
      const isFull = () => stream?.bytes === streamWindowChunks * maxChunkBytes;
      while (!isFull()) await new Promise((resolve) => setImmediate(resolve));
      // One chunk more has been made and waits for credit.
      while (worker.printed.stdout.length < 2 * (streamWindowChunks + 1))
        await new Promise((resolve) => setImmediate(resolve));
      expect(worker.printed.stdout).toBe('.\n'.repeat(streamWindowChunks + 1));
    });
  });
});
