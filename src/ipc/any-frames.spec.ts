import fc from 'fast-check';
import { createServer, get, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ManualClock } from '../../test/fakes/manual-clock.js';
import { frameOf, headerOf, HostilePeer } from '../../test/support/hostile-peer.js';
import { invokeMessage, loadMessage } from '../../test/support/messages.js';
import { oddJson, oddText } from '../../test/support/odd-requests/odd-bodies.js';
import { TemporaryIpc } from '../../test/support/temporary-ipc.js';
import { DomainError } from '../common/errors/domain-error.js';
import { faultOf } from '../common/errors/error-codes.js';
import { InvocationTrace } from '../invocation/invocation.js';
import { sendBuffered, sendStreamed } from '../triggers/http/send-response.js';
import { isStreamed, PeerError, type WorkerResult } from './worker-session.js';

/** The same frames in every run, so that a failure is one for everybody. */
const runs = { seed: 20_261, numRuns: 400 };

const ipc = new TemporaryIpc(new ManualClock());

/** Sends what it is given as the server does, and notes what then went wrong. */
let server: Server;
let answer: WorkerResult;
let failure: unknown;
const identity = { invocationId: 'call-1', traceId: 'trace', traceparent: 'trace' };
const part = { trace: new InvocationTrace(identity, new ManualClock()), policyOf: () => ({}), cors: null };

beforeAll(async () => {
  server = createServer((_, response) => {
    const sent = async () => {
      if (isStreamed(answer)) await sendStreamed(response, answer, part);
      else sendBuffered(response, answer, part);
    };
    sent().catch((error: unknown) => {
      failure = error;
      response.destroy();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  await new Promise((resolve) => server.close(resolve));
  ipc.remove();
});

const oddFields = {
  invocationId: fc.constantFrom('call-1', 'call-1', 'call-1', 'call-2', '', null, 1, undefined),
  statusCode: fc.constantFrom(
    200,
    204,
    205,
    299,
    304,
    599,
    100,
    101,
    199,
    600,
    0,
    -1,
    1.5,
    1e21,
    '200',
    null,
  ),
  headers: fc.oneof(
    fc.dictionary(
      fc.oneof(
        fc.constantFrom(
          'a',
          'set-cookie',
          'content-type',
          'connection',
          'date',
          '__proto__',
          'trailer',
          'host',
        ),
        oddText,
      ),
      fc.oneof(oddText, fc.array(oddText, { maxLength: 3 }), fc.constantFrom(null, 1, {}, [1])),
      { maxKeys: 4, noNullPrototype: true },
    ),
    fc.constantFrom(null, [], 'text', 1, {}),
  ),
  streams: fc.constantFrom(true, false, undefined, undefined, 1),
  kind: fc.constantFrom('threw', 'uncaught', 'invalid-result', 'result-too-large', 'none'),
  errorType: oddText,
  errorMessage: oddText,
  stack: oddText,
  stream: fc.constantFrom('stdout', 'stderr', 'stdin', '__proto__'),
};

const type = fc.constantFrom(
  ...[
    'hello',
    'ready',
    'loadError',
    'result',
    'value',
    'chunk',
    'end',
    'error',
    'log',
    'load',
    'credit',
    'toString',
  ],
);

const frame = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .tuple(fc.record({ type, ...oddFields }), fc.uint8Array({ maxLength: 8 }))
      .map(([message, body]) =>
        frameOf(
          message,
          ['result', 'value', 'chunk', 'log'].includes(message.type) ? Buffer.from(body) : undefined,
        ),
      ),
  },
  fc.constantFrom({ type: 'ready' }, { type: 'end' }).map((message) => frameOf(message)),
  oddJson(['type', 'headers', 'invocationId', 'statusCode']).map((json) => {
    const bytes = Buffer.from(json);
    return Buffer.concat([headerOf(bytes.length, 0), bytes]);
  }),
  fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes)),
);

/** A good beginning gets further into the conversation. */
const goodResult = frameOf({
  type: 'result',
  invocationId: 'call-1',
  statusCode: 200,
  headers: {},
  streams: true,
});
const goodReady = frameOf({ type: 'ready' });
const told = (good: Buffer) =>
  fc
    .tuple(fc.constantFrom([good], []), fc.array(frame, { maxLength: 6 }))
    .map(([first, rest]) => Buffer.concat([...first, ...rest]));

/** What a call may end with: the function's fault, or the end of its worker, which is explained as such. */
function isFunctionsFault(error: unknown): boolean {
  return error instanceof PeerError || (error instanceof DomainError && faultOf(error.code) === 'function');
}

async function outcomeOf<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (!isFunctionsFault(error)) throw error;
    return undefined;
  }
}

async function send(result: WorkerResult): Promise<void> {
  answer = result;
  failure = undefined;
  const { port } = server.address() as AddressInfo;
  const response = await new Promise<IncomingMessage | undefined>((resolve) => {
    get({ port, host: '127.0.0.1', agent: false }, resolve).on('error', () => {
      resolve(undefined);
    });
  });
  if (response) {
    response.resume();
    await new Promise((resolve) => response.once('close', resolve));
  }
  // A stream may break off by the function's fault; its head and a whole answer never.
  if (failure !== undefined && !(isStreamed(result) && result.stream.failure)) throw failure as Error;
}

describe('whatever a function says, and whenever', () => {
  it('its calls get an answer that HTTP can carry, or fail by its own fault', async () => {
    const property = fc.asyncProperty(
      told(goodReady),
      told(goodResult),
      fc.nat(200),
      async (first, then, cut) => {
        const endpoint = await ipc.service.open();
        const peer = await HostilePeer.connectedTo(endpoint);
        try {
          peer.hello();
          const session = await endpoint.session;
          const loading = session.load(loadMessage);
          peer.write(first.subarray(0, cut));
          peer.write(first.subarray(cut));
          if (!first.subarray(0, goodReady.length).equals(goodReady)) peer.halfClose();
          await outcomeOf(loading);
          const calling = session.invoke(invokeMessage, Buffer.alloc(0));
          peer.write(then.subarray(0, cut));
          peer.write(then.subarray(cut));
          peer.halfClose();
          const result = await outcomeOf(calling);
          if (result) await send(result);
        } finally {
          await endpoint.close();
          peer.destroy();
        }
      },
    );
    await fc.assert(property, runs);
  });
});
