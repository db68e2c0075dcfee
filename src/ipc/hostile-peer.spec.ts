import { ManualClock } from '../../test/fakes/manual-clock.js';
import { protocolVersion } from './protocol/messages.js';
import { frameOf, headerOf, HostilePeer } from '../../test/support/hostile-peer.js';
import { invokeMessage, loadMessage } from '../../test/support/messages.js';
import { defaultIpcSettings, TemporaryIpc } from '../../test/support/temporary-ipc.js';
import type { WorkerEndpoint } from './worker-dialect.js';
import type { WorkerResult, WorkerSession } from './worker-session.js';

const clock = new ManualClock();
const ipc = new TemporaryIpc(clock);
const result = { type: 'result', invocationId: 'call-1', statusCode: 200, headers: {} };
const failure = { errorType: 'E', errorMessage: 'm', stack: 's' };
const error = { type: 'error', invocationId: 'call-1', kind: 'threw', ...failure };
const violation = (reason: string) => ({ kind: 'violation', reason });

let endpoint: WorkerEndpoint;
let peer: HostilePeer;
let session: WorkerSession;

beforeEach(async () => {
  endpoint = await ipc.service.open();
  peer = await HostilePeer.connectedTo(endpoint);
});

afterEach(async () => {
  await endpoint.close();
  await peer.closed;
  expect(clock.pendingTimers).toBe(0);
});

afterAll(() => {
  ipc.remove();
});

async function loaded(): Promise<void> {
  peer.hello();
  session = await endpoint.session;
  const loading = session.load(loadMessage);
  peer.say({ type: 'ready' });
  await loading;
}

async function called(): Promise<{ readonly answer: Promise<WorkerResult> }> {
  await loaded();
  return { answer: session.invoke(invokeMessage, Buffer.from('body')) };
}

describe('a peer that has just connected', () => {
  it.each([
    ['another token', { token: 'f'.repeat(64) }, 'wrong-token'],
    ['a token cut short', { token: 'f' }, 'wrong-token'],
    ['another version', { protocolVersion: protocolVersion + 1 }, 'wrong-version'],
  ])('is refused when it says hello with %s', async (_, changes, reason) => {
    peer.hello(changes);
    await expect(endpoint.session).rejects.toMatchObject(violation(reason));
  });

  it('is refused when it says anything but hello', async () => {
    peer.say(result);
    await expect(endpoint.session).rejects.toMatchObject(violation('wrong-phase'));
  });

  it('is gone when it leaves without a word', async () => {
    peer.destroy();
    await expect(endpoint.session).rejects.toMatchObject({ kind: 'gone', reason: 'disconnected' });
  });

  it('is the only one: whoever comes second finds no socket', async () => {
    peer.hello();
    session = await endpoint.session;
    await expect(HostilePeer.connectedTo(endpoint)).rejects.toMatchObject({ code: 'ENOENT' });
    expect(session.phase).toBe('prewarmed');
  });

  it('waits without a function and says nothing, or is poisoned', async () => {
    peer.hello();
    session = await endpoint.session;
    peer.say({ type: 'log', stream: 'stdout' }, Buffer.from('too early'));
    await expect(session.gone).resolves.toMatchObject(violation('wrong-phase'));
    expect(session.isHealthy).toBe(false);
    await expect(session.load(loadMessage)).rejects.toMatchObject(violation('wrong-phase'));
  });

  it('is poisoned when it says that it is ready and breaks a rule in the same breath', async () => {
    peer.hello();
    session = await endpoint.session;
    const loading = session.load(loadMessage);
    const ready = frameOf({ type: 'ready' });
    peer.write(Buffer.concat([ready, ready]));
    await expect(loading).rejects.toMatchObject(violation('wrong-phase'));
    await expect(session.invoke(invokeMessage, Buffer.alloc(0))).rejects.toMatchObject(
      violation('wrong-phase'),
    );
  });
});

describe('a peer that was given a call', () => {
  it.each([
    ['a type unknown', frameOf({ type: 'gossip' }), 'unknown-type'],
    ['a type of the host', frameOf(invokeMessage), 'unknown-type'],
    ['an answer to another call', frameOf({ ...result, invocationId: 'call-2' }), 'wrong-invocation'],
    ['a value in answer to a request', frameOf({ type: 'value', invocationId: 'call-1' }), 'wrong-answer'],
    ['an error of another call', frameOf({ ...error, invocationId: 'call-2' }), 'wrong-invocation'],
    ['ready before its answer', frameOf({ type: 'ready' }), 'wrong-phase'],
    ['a result of the wrong shape', frameOf({ ...result, headers: [] }), 'invalid-message'],
    ['an error with a body', frameOf(error, Buffer.from('x')), 'unexpected-body'],
    ['endless JSON', headerOf(0xffff_ffff, 0), 'json-too-long'],
    ['an endless body', headerOf(2, 0xffff_ffff), 'body-too-long'],
    ['a body one byte too long', headerOf(2, defaultIpcSettings.maxResultBytes + 1), 'body-too-long'],
    ['no JSON', headerOf(0, 5), 'invalid-json'],
    ['broken JSON', Buffer.concat([headerOf(2, 0), Buffer.from('{]')]), 'invalid-json'],
    ['invalid UTF-8', Buffer.concat([headerOf(2, 0), Buffer.from([0xc3, 0x28])]), 'invalid-json'],
    ['deep JSON', Buffer.concat([headerOf(80_000, 0), Buffer.alloc(80_000, '[')]), 'invalid-json'],
    ['an HTTP response', Buffer.from('HTTP/1.1 200 OK\r\n\r\n'), 'json-too-long'],
  ])('breaks the protocol by %s', async (_, bytes, reason) => {
    const { answer } = await called();
    peer.write(bytes);
    await expect(answer).rejects.toMatchObject(violation(reason));
    expect(session).toMatchObject({ phase: 'gone', isHealthy: false });
    await peer.closed;
  });

  it('may send its answer byte by byte', async () => {
    const { answer } = await called();
    const frame = frameOf(result, Buffer.from('slow'));
    for (let index = 0; index < frame.length; index += 1) peer.write(frame.subarray(index, index + 1));
    await expect(answer).resolves.toMatchObject({ head: { statusCode: 200 }, body: Buffer.from('slow') });
  });

  it('must finish what it began in time, and more bytes do not buy more time', async () => {
    const { answer } = await called();
    const heard = Promise.withResolvers<string>();
    session.onLog((_, bytes) => {
      heard.resolve(bytes.toString());
    });
    const whole = frameOf({ type: 'log', stream: 'stdout' }, Buffer.from('whole'));
    peer.write(Buffer.concat([whole, frameOf(result).subarray(0, 20)]));
    await heard.promise;
    expect(clock.pendingTimers).toBe(1);
    clock.advance(defaultIpcSettings.frameTimeoutMs - 1);
    expect(session.phase).toBe('busy');
    peer.write(frameOf(result).subarray(20, 30));
    clock.advance(1);
    await expect(answer).rejects.toMatchObject(violation('frame-too-slow'));
  });

  it.each([
    [
      'closes its half',
      () => {
        peer.halfClose();
      },
    ],
    [
      'closes in the middle of a frame',
      () => {
        peer.write(frameOf(result).subarray(0, 20));
        peer.halfClose();
      },
    ],
    [
      'is killed',
      () => {
        peer.destroy();
      },
    ],
  ])('is gone when it %s', async (_, leave) => {
    const { answer } = await called();
    leave();
    await expect(answer).rejects.toMatchObject({ kind: 'gone', reason: 'disconnected' });
  });

  it('has answered when its whole answer came before it left', async () => {
    const { answer } = await called();
    peer.say(result, Buffer.from('last words'));
    peer.halfClose();
    await expect(answer).resolves.toMatchObject({ body: Buffer.from('last words') });
    await session.gone;
  });

  it('has answered with the first of two results, and is poisoned by the second', async () => {
    const { answer } = await called();
    peer.write(Buffer.concat([frameOf(result, Buffer.from('1')), frameOf(result, Buffer.from('2'))]));
    await expect(answer).resolves.toMatchObject({ body: Buffer.from('1') });
    await expect(session.gone).resolves.toMatchObject(violation('wrong-phase'));
    expect(session.isHealthy).toBe(false);
  });

  it('has answered whatever garbage follows', async () => {
    const { answer } = await called();
    peer.write(Buffer.concat([frameOf(result, Buffer.from('1')), Buffer.alloc(100_000, 0xff)]));
    await expect(answer).resolves.toMatchObject({ body: Buffer.from('1') });
    await expect(session.gone).resolves.toMatchObject(violation('json-too-long'));
  });

  it('is heard to its last word when it leaves while it waits for its turn to be read', async () => {
    const { answer } = await called();
    let heardBytes = 0;
    session.onLog((_, bytes) => {
      heardBytes += bytes.length;
      clock.advance(0.1);
    });
    const line = frameOf({ type: 'log', stream: 'stdout' }, Buffer.alloc(100, 'x'));
    peer.write(Buffer.concat(Array.from({ length: 2000 }, () => line)));
    peer.say(result);
    peer.halfClose();
    await expect(answer).resolves.toMatchObject({ head: { statusCode: 200 } });
    await expect(session.gone).resolves.toMatchObject({ kind: 'gone', reason: 'disconnected' });
    expect(heardBytes).toBe(200_000);
  });

  it('may print without end: nothing is held back, and its answer still counts', async () => {
    const { answer } = await called();
    let heardBytes = 0;
    session.onLog((_, bytes) => {
      heardBytes += bytes.length;
    });
    const line = frameOf({ type: 'log', stream: 'stdout' }, Buffer.alloc(100, 'x'));
    for (let block = 0; block < 20; block += 1)
      peer.write(Buffer.concat(Array.from({ length: 1000 }, () => line)));
    peer.say(result);
    await expect(answer).resolves.toMatchObject({ head: { statusCode: 200 } });
    expect(heardBytes).toBe(2_000_000);
    expect(session.logBytes).toBe(2_000_000);
  });
});
