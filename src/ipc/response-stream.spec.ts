import { setImmediate as nextTurn } from 'node:timers/promises';
import { ManualClock } from '../../test/fakes/manual-clock.js';
import { HostilePeer } from '../../test/support/hostile-peer.js';
import { invokeMessage, loadMessage } from '../../test/support/messages.js';
import { defaultIpcSettings, TemporaryIpc } from '../../test/support/temporary-ipc.js';
import { maxChunkBytes, streamWindowChunks } from './protocol/limits.js';
import type { ResponseStream } from './response-stream.js';
import type { WorkerEndpoint } from './worker-dialect.js';
import type { WorkerSession } from './worker-session.js';

const clock = new ManualClock();
const ipc = new TemporaryIpc(clock, { maxStreamBytes: 1024 * 1024 });
const head = { type: 'result', invocationId: 'call-1', statusCode: 200, headers: {}, streams: true };
const chunk = { type: 'chunk' };
const end = { type: 'end' };
const failure = { errorType: 'E', errorMessage: 'm', stack: 's' };
const error = { type: 'error', invocationId: 'call-1', kind: 'threw', ...failure };
const wholeChunk = Buffer.alloc(maxChunkBytes, 'x');

let endpoint: WorkerEndpoint;
let peer: HostilePeer;
let session: WorkerSession;
let stream: ResponseStream;

/** A worker that has just sent the head of a streamed answer. */
beforeEach(async () => {
  endpoint = await ipc.service.open();
  peer = await HostilePeer.connectedTo(endpoint);
  peer.hello();
  session = await endpoint.session;
  const loading = session.load(loadMessage);
  peer.say({ type: 'ready' });
  await loading;
  const answer = session.invoke(invokeMessage, Buffer.alloc(0));
  peer.say(head);
  stream = (await answer).stream!;
});

afterEach(async () => {
  await endpoint.close();
  await peer.closed;
  expect(clock.pendingTimers).toBe(0);
});

afterAll(() => {
  ipc.remove();
});

async function read(): Promise<string> {
  const read: Buffer[] = [];
  for await (const bytes of stream) read.push(bytes as Buffer);
  return Buffer.concat(read).toString();
}

async function creditsReceived(chunks: number): Promise<void> {
  while (peer.credits < chunks) await nextTurn();
}

describe('a streamed answer', () => {
  it('is there with its head, before any of its body', () => {
    expect(session.phase).toBe('streaming');
    expect(stream.bytes).toBe(0);
  });

  it('gives the chunks in order, empty ones too, and ends', async () => {
    for (const text of ['one ', '', 'two ', 'three']) peer.say(chunk, Buffer.from(text));
    peer.say(end);
    await expect(read()).resolves.toBe('one two three');
    expect(stream.bytes).toBe(13);
    expect(session).toMatchObject({ phase: 'answered', isHealthy: true });
  });

  it('leaves a worker that may have another call', async () => {
    peer.say(end);
    await read();
    peer.say({ type: 'ready' });
    await session.idle();
    const next = session.invoke({ ...invokeMessage, invocationId: 'call-2' }, Buffer.alloc(0));
    peer.say({ ...head, invocationId: 'call-2', streams: false }, Buffer.from('whole'));
    await expect(next).resolves.toMatchObject({ body: Buffer.from('whole'), stream: undefined });
  });

  it('goes on as fast as it is read, however long it is', async () => {
    const reading = read();
    for (let sent = 0; sent < 16; sent += 1) {
      await creditsReceived(sent - streamWindowChunks + 1);
      peer.say(chunk, wholeChunk);
    }
    peer.say(end);
    await expect(reading).resolves.toHaveLength(16 * maxChunkBytes);
  });

  it('that nobody reads gives no more credit than fills its window once, and prints still come through', async () => {
    const heard = Promise.withResolvers<string>();
    session.onLog((_, bytes) => {
      heard.resolve(bytes.toString());
    });
    for (let sent = 0; sent < streamWindowChunks; sent += 1) peer.say(chunk, wholeChunk);
    peer.say({ type: 'log', stream: 'stdout' }, Buffer.from('printed'));
    await expect(heard.promise).resolves.toBe('printed');
    expect(peer.credits).toBe(0);
    expect(stream.readableLength).toBeLessThanOrEqual(streamWindowChunks * maxChunkBytes);
  });

  it('breaks the protocol when it goes on without credit', async () => {
    for (let sent = 0; sent <= 2 * streamWindowChunks; sent += 1) peer.say(chunk, wholeChunk);
    await expect(session.gone).resolves.toMatchObject({ kind: 'violation', reason: 'without-credit' });
    await expect(read()).rejects.toMatchObject({ kind: 'violation' });
  });

  it.each([
    ['a chunk too long', chunk, Buffer.alloc(maxChunkBytes + 1), 'unexpected-body'],
    ['an end with a body', end, Buffer.from('x'), 'unexpected-body'],
    ['a second result', { ...head, streams: false }, Buffer.alloc(0), 'wrong-phase'],
    ['a second head', head, Buffer.alloc(0), 'wrong-phase'],
    ['ready in the middle', { type: 'ready' }, Buffer.alloc(0), 'wrong-phase'],
  ])('breaks the protocol by %s', async (_, message, body, reason) => {
    peer.say(message, body);
    await expect(session.gone).resolves.toMatchObject({ kind: 'violation', reason });
    await expect(read()).rejects.toMatchObject({ reason });
  });

  it('fails with the function’s error, and its worker serves nobody else', async () => {
    peer.say(chunk, Buffer.from('half'));
    peer.say(error);
    await expect(read()).rejects.toMatchObject({ code: 'FUNCTION_ERROR', details: { errorMessage: 'm' } });
    expect(session).toMatchObject({ phase: 'answered', isHealthy: false });
  });

  it('fails when its worker ends in the middle', async () => {
    peer.say(chunk, Buffer.from('half'));
    peer.halfClose();
    await expect(read()).rejects.toMatchObject({ kind: 'gone', reason: 'disconnected' });
  });

  it('fails, and ends its worker, when it is longer than it may be', async () => {
    const reading = read();
    for (let sent = 0; sent <= 16; sent += 1) {
      await creditsReceived(sent - streamWindowChunks + 1);
      peer.say(chunk, wholeChunk);
    }
    await expect(reading).rejects.toMatchObject({ code: 'FUNCTION_RESPONSE_TOO_LARGE' });
    await expect(session.gone).resolves.toMatchObject({ reason: 'closed' });
  });

  it('ends its worker when its reader leaves', async () => {
    stream.destroy();
    await expect(session.gone).resolves.toMatchObject({ kind: 'gone', reason: 'closed' });
  });

  it('harms nobody when it fails and nobody listens', async () => {
    peer.destroy();
    await expect(session.gone).resolves.toMatchObject({ reason: 'disconnected' });
    expect(stream.destroyed).toBe(true);
  });
});

it('has limits of its own', () => {
  expect(defaultIpcSettings.maxStreamBytes).toBe(200 * 1024 * 1024);
});
