import { ManualClock } from '../../test/fakes/manual-clock.js';
import { HostilePeer } from '../../test/support/hostile-peer.js';
import { invokeMessage, loadMessage } from '../../test/support/messages.js';
import { TemporaryIpc } from '../../test/support/temporary-ipc.js';
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

describe('a worker that loads', () => {
  it.each([
    ['a result', result, 'wrong-phase'],
    ['an error', error, 'wrong-phase'],
    ['hello again', { type: 'hello', protocolVersion: 1, token: 't' }, 'wrong-phase'],
    ['a type unknown', { type: 'gossip' }, 'unknown-type'],
  ])('breaks the protocol by %s', async (_, message, reason) => {
    peer.hello();
    session = await endpoint.session;
    const loading = session.load(loadMessage);
    peer.say(message);
    await expect(loading).rejects.toMatchObject(violation(reason));
  });

  it('fails with the function’s own words, and serves nothing afterwards', async () => {
    peer.hello();
    session = await endpoint.session;
    const loading = session.load(loadMessage);
    peer.say({ type: 'loadError', ...failure });
    await expect(loading).rejects.toMatchObject({
      code: 'FUNCTION_LOAD_ERROR',
      details: { errorType: 'E', errorMessage: 'm' },
      cause: failure,
    });
    await expect(session.gone).resolves.toMatchObject({ kind: 'gone', reason: 'load-failed' });
  });
});

describe('a worker that was given a call', () => {
  it.each([
    ['threw', 'FUNCTION_ERROR', true],
    ['uncaught', 'FUNCTION_ERROR', false],
    ['invalid-result', 'FUNCTION_INVALID_RESPONSE', true],
    ['result-too-large', 'FUNCTION_RESPONSE_TOO_LARGE', true],
  ])('fails with an error of kind %s: %s', async (kind, code, isHealthy) => {
    const { answer } = await called();
    peer.say({ ...error, kind });
    await expect(answer).rejects.toMatchObject({ code });
    expect(session).toMatchObject({ phase: 'answered', isHealthy });
  });

  it.each([
    ['a result', result],
    ['an error', { ...error, kind: 'threw' }],
  ])('breaks the protocol by %s before it has read the call', async (_, message) => {
    await loaded();
    peer.stopReading();
    const answer = session.invoke(invokeMessage, Buffer.alloc(4 * 1024 * 1024));
    peer.say(message);
    await expect(answer).rejects.toMatchObject(violation('unread'));
    // What it does not read tells it nothing, the end included.
    peer.destroy();
  });

  it('fails with a result that HTTP cannot carry', async () => {
    const { answer } = await called();
    peer.say({ ...result, statusCode: 101 });
    await expect(answer).rejects.toMatchObject({ code: 'FUNCTION_INVALID_RESPONSE' });
  });
});

describe('a worker that was given a payload as it is', () => {
  const asPayload = { ...invokeMessage, presentation: { kind: 'payload' } as const };
  const value = { type: 'value', invocationId: 'call-1' };

  async function calledWith(payload: string): Promise<{ readonly answer: Promise<WorkerResult> }> {
    await loaded();
    return { answer: session.invoke(asPayload, Buffer.from(payload)) };
  }

  it('answers with a value, which has no head', async () => {
    const { answer } = await calledWith('{}');
    peer.say(value, Buffer.from('[1]'));
    await expect(answer).resolves.toEqual({ head: undefined, body: Buffer.from('[1]'), stream: undefined });
    expect(session).toMatchObject({ phase: 'answered', isHealthy: true });
  });

  it('may stream its response', async () => {
    const { answer } = await calledWith('{}');
    peer.say({ ...value, streams: true });
    const { stream } = await answer;
    peer.say({ type: 'chunk' }, Buffer.from('ab'));
    peer.say({ type: 'end' });
    await expect(stream?.toArray()).resolves.toEqual([Buffer.from('ab')]);
  });

  it('breaks the protocol by the response to a request', async () => {
    const { answer } = await calledWith('{}');
    peer.say(result);
    await expect(answer).rejects.toMatchObject(violation('wrong-answer'));
    expect(session.isHealthy).toBe(false);
  });
});

describe('a worker that has answered', () => {
  it('is not idle before it says so', async () => {
    const { answer } = await called();
    peer.say(result);
    await answer;
    const idle = session.idle();
    await expect(session.invoke(invokeMessage, Buffer.alloc(0))).rejects.toThrow('answered');
    peer.say({ type: 'ready' });
    await idle;
    expect(session).toMatchObject({ phase: 'ready', isHealthy: true });
  });

  it('never becomes idle when it leaves instead', async () => {
    const { answer } = await called();
    peer.say(result);
    await answer;
    const idle = session.idle();
    peer.destroy();
    await expect(idle).rejects.toMatchObject({ kind: 'gone' });
    await expect(session.idle()).rejects.toMatchObject({ kind: 'gone' });
  });

  it.each([
    ['ready twice', { type: 'ready' }],
    ['an answer to a call that it was not given', result],
  ])('is poisoned by %s', async (_, message) => {
    await loaded();
    peer.say(message);
    await expect(session.gone).resolves.toMatchObject(violation('wrong-phase'));
  });
});

describe('a session that the host closes', () => {
  it('rejects what is pending and may be closed again', async () => {
    const { answer } = await called();
    session.close();
    session.close();
    await expect(answer).rejects.toMatchObject({ kind: 'gone', reason: 'closed' });
    await expect(session.gone).resolves.toMatchObject({ kind: 'gone', reason: 'closed' });
    await peer.closed;
  });
});
