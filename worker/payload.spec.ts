import { invokeMessage, loadMessage } from '../test/support/messages.js';
import { type ConnectedWorker, ConnectedWorkers } from '../test/support/connected-workers.js';

describe('the worker, in a process of its own', () => {
  const workers = new ConnectedWorkers();

  describe('a payload presented as it is', () => {
    const message = { ...invokeMessage, presentation: { kind: 'payload' } as const };

    /** What the call is answered with, read whole. */
    async function valueOf(worker: ConnectedWorker, payload: string | Buffer) {
      const { head, body, stream } = await worker.session.invoke(message, Buffer.from(payload));
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
        const worker = await workers.loaded('returns-event');
        await expect(valueOf(worker, json)).resolves.toEqual({
          head: undefined,
          isStreamed: false,
          text: json,
        });
        await worker.session.idle();
        expect(worker.session.isHealthy).toBe(true);
      },
    );

    it('is an empty object where there is none', async () => {
      const worker = await workers.loaded('returns-event');
      await expect(valueOf(worker, '')).resolves.toMatchObject({ text: '{}' });
    });

    it('keeps what would be a response a value like any other', async () => {
      const worker = await workers.loaded('returns-event');
      const response = '{"statusCode":404,"headers":{"a":"b"},"body":"no"}';
      await expect(valueOf(worker, response)).resolves.toMatchObject({ text: response });
    });

    it.each([
      ['nothing', 'undefined', 'null'],
      ['a promise', 'Promise.resolve([1])', '[1]'],
      ['bytes', 'new Uint8Array([1])', '{"0":1}'],
    ])('is answered with the JSON of %s', async (_, returned, text) => {
      const worker = await workers.loaded('returns-expression');
      await expect(valueOf(worker, JSON.stringify(returned))).resolves.toMatchObject({ text });
    });

    it('may be answered in chunks, which are bytes and no JSON', async () => {
      const worker = await workers.loaded('returns-expression');
      const chunks = '(async function* () { yield "a"; yield Buffer.from("b"); })()';
      await expect(valueOf(worker, JSON.stringify(chunks))).resolves.toMatchObject({
        isStreamed: true,
        text: 'ab',
      });
    });

    it.each([
      ['broken JSON', '{"a":', 'FUNCTION_ERROR'],
      ['no UTF-8', Buffer.from([0x22, 0xff, 0x22]), 'FUNCTION_ERROR'],
    ])('fails the call where it is %s', async (_, payload, code) => {
      const worker = await workers.loaded('returns-event');
      await expect(valueOf(worker, payload)).rejects.toMatchObject({ code });
    });

    it('refuses a value that JSON cannot carry, and one that is too large', async () => {
      const worker = await workers.loaded('returns-expression');
      const refused = { code: 'FUNCTION_INVALID_RESPONSE' };
      await expect(valueOf(worker, '"1n"')).rejects.toMatchObject(refused);
      const large = JSON.stringify(`"x".repeat(${loadMessage.maxResultBytes})`);
      await worker.session.idle();
      await expect(worker.session.invoke(message, Buffer.from(large))).rejects.toMatchObject({
        code: 'FUNCTION_RESPONSE_TOO_LARGE',
      });
    });
  });
});
