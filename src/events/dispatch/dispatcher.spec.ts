import { answer, EventsWorld, type Handler } from '../../../test/support/events-world.js';
import { until } from '../../../test/support/eventually.js';
import { DomainError } from '../../common/errors/domain-error.js';
import type { Invocation, InvocationResult } from '../../invocation/invocation.js';
import { KeptEvents } from '../kept-events.js';

const dayMs = 24 * 3_600_000;
const longestDelayMs = 15 * 60_000;

const unavailable = new DomainError('STORAGE_UNAVAILABLE', 'The storage does not answer.');

function failure(fault: 'function' | 'platform' | 'caller', error: Error): InvocationResult {
  return { fault, error };
}

const threw = failure('function', new DomainError('FUNCTION_ERROR', 'It threw.'));
const overloaded = failure('platform', new DomainError('OVERLOADED', 'Too much runs.'));

/** Handlers that wait until the test lets them go on. */
class Held {
  readonly waiting: { invocation: Invocation; answer: (result: InvocationResult) => void }[] = [];

  readonly handler: Handler = (invocation) =>
    new Promise((resolve) => {
      invocation.cancellation.onCancel((error) => {
        resolve({ fault: 'platform', error });
      });
      this.waiting.push({ invocation, answer: resolve });
    });

  async holds(count: number): Promise<void> {
    await until(() => this.waiting.length >= count);
  }

  release(result: InvocationResult = answer()): void {
    for (const { answer: give } of this.waiting.splice(0)) give(result);
  }
}

/** Gives these results one after the other. */
function inTurn(...results: readonly InvocationResult[]): Handler {
  let next = 0;
  return () => results[next++] ?? answer();
}

let world: EventsWorld;

async function startedWorld(...choices: ConstructorParameters<typeof EventsWorld>): Promise<EventsWorld> {
  const made = new EventsWorld(...choices);
  await made.lifecycle.start();
  return made;
}

/** Admission tells of room a moment after it has appeared. */
async function roomAppears(andThen: () => boolean): Promise<void> {
  await until(() => {
    world.clock.advance(5);
    return andThen();
  });
}

beforeEach(async () => {
  world = await startedWorld();
});

describe('an event', () => {
  it('runs as soon as it is accepted, and keeps what the handler answered', async () => {
    const hello = world.deploy('hello', {}, () => answer(201, 'done'));
    const id = await world.submit(hello, { keyId: 'key-1' });
    const { attempts, attemptCount } = await world.reaches(id, 'succeeded');
    expect(await world.store.result(id)).toMatchObject({ status: 201, body: Buffer.from('done') });
    expect([attempts, attemptCount]).toEqual([[expect.objectContaining({ outcome: 'success' })], 1]);
    expect(world.begun).toMatchObject([
      {
        trigger: { kind: 'event', eventId: id },
        priority: 'background',
        keyId: 'key-1',
        trace: { identity: { invocationId: attempts[0]?.invocationId } },
        presentation: { headers: { 'x-glambdar-event-id': id, 'x-glambdar-attempt': '1' } },
      },
    ]);
    expect(world.runner.attempts).toEqual({ success: 1 });
  });

  it('goes on with the trace of whoever sent it, as a span of its own', async () => {
    const id = await world.submit(world.deploy('hello'));
    await world.reaches(id, 'succeeded');
    expect(world.begun[0]?.trace.identity).toMatchObject({
      traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
      traceparent: expect.stringMatching(
        /^00-4bf92f3577b34da6a3ce929d0e0e4736-(?!00f067aa0ba902b7)/,
      ) as string,
    });
  });

  it('of a schedule says which, and for when it was due', async () => {
    const source = { kind: 'schedule', schedule: 'nightly', dueMs: 86_400_000, manual: false } as const;
    const id = await world.submit(world.deploy('hello'), { source });
    await world.reaches(id, 'succeeded');
    expect(world.begun).toMatchObject([
      {
        trigger: { kind: 'schedule', eventId: id, schedule: 'nightly' },
        presentation: {
          headers: {
            'x-glambdar-schedule': 'nightly',
            'x-glambdar-scheduled-time': '1970-01-02T00:00:00.000Z',
          },
        },
      },
    ]);
  });

  it('is dealt with by an answer of 4xx', async () => {
    const id = await world.submit(world.deploy('hello', {}, () => answer(404)));
    await world.reaches(id, 'succeeded');
    expect(await world.store.result(id)).toMatchObject({ status: 404 });
  });

  it('keeps no body that is larger than is kept', async () => {
    world = await startedWorld({ events: { resultBytes: 3 } });
    const id = await world.submit(world.deploy('hello', {}, () => answer(200, 'four')));
    await world.reaches(id, 'succeeded');
    expect(await world.store.result(id)).toMatchObject({ body: null, bodyBytes: 4 });
  });

  it('is tried again where its handler fails, by a throw or an answer of 5xx, and is dead at last', async () => {
    const hello = world.deploy('hello', {}, inTurn(threw, answer(503), threw));
    const id = await world.submit(hello);
    await world.reaches(id, 'failed');
    world.clock.advance(longestDelayMs);
    await until(() => world.begun.length === 2);
    await world.reaches(id, 'failed');
    world.clock.advance(longestDelayMs);
    const { attempts, countedAttempts } = await world.reaches(id, 'dead');
    expect(attempts.map(({ code }) => code)).toEqual(['FUNCTION_ERROR', 'HTTP_503', 'FUNCTION_ERROR']);
    expect(countedAttempts).toBe(3);
    expect(world.runner.attempts).toEqual({ function: 3 });
  });

  it('is tried again after the platform’s faults as often as it takes', async () => {
    const hello = world.deploy(
      'hello',
      { retry: { maxAttempts: 1 } },
      inTurn(overloaded, overloaded, answer()),
    );
    const id = await world.submit(hello);
    for (const attempt of [1, 2]) {
      await until(
        async () => (await world.record(id)).nextAttemptAtMs !== null && world.begun.length === attempt,
      );
      world.clock.advance(60_000);
    }
    expect(await world.reaches(id, 'succeeded')).toMatchObject({ countedAttempts: 0, attemptCount: 3 });
  });

  it('is not run once it has expired', async () => {
    const hello = world.deploy('hello', { maxConcurrency: 0, retry: { maxAgeSeconds: 60 } });
    const id = await world.submit(hello);
    world.clock.advance(60_000);
    world.replace(hello, { retry: { maxAgeSeconds: 60 } });
    const { attempts } = await world.reaches(id, 'dead');
    expect(attempts).toMatchObject([{ outcome: 'platform', code: 'DEADLINE_EXCEEDED' }]);
    expect(world.begun).toEqual([]);
  });

  it('runs when its time comes although the clock was set back by a day', async () => {
    const id = await world.submit(world.deploy('hello', {}, inTurn(threw, answer())));
    await world.reaches(id, 'failed');
    world.clock.stepWallTime(-dayMs);
    world.clock.advance(longestDelayMs);
    await world.reaches(id, 'succeeded');
  });

  it('is tried again although the clock was set on by a day while it ran', async () => {
    const held = new Held();
    const id = await world.submit(world.deploy('hello', {}, held.handler));
    await held.holds(1);
    world.clock.stepWallTime(dayMs);
    held.release(threw);
    await world.reaches(id, 'failed');
  });

  it('is followed up in the same step, and its follow-up runs', async () => {
    const after = world.deploy('after');
    const id = await world.submit(world.deploy('hello', { onSuccess: 'after' }));
    const { followUp } = await world.reaches(id, 'succeeded');
    expect(await world.reaches(followUp?.eventId ?? '', 'succeeded')).toMatchObject({
      functionId: after.id,
      depth: 1,
    });
  });

  it('that follows itself ends after 16, and the log says so', async () => {
    await world.submit(world.deploy('circle', { onSuccess: 'circle' }));
    await until(() => world.log.messagesAt('warn').some((message) => message.includes('lead in a circle')));
    expect(world.begun).toHaveLength(17);
  });

  it('tells whoever waits for its end', async () => {
    const held = new Held();
    const id = await world.submit(world.deploy('hello', {}, held.handler));
    await held.holds(1);
    const ended = new Promise<void>((resolve) => void world.feed.onEnded(id, resolve));
    held.release();
    await ended;
    expect(await world.record(id)).toMatchObject({ state: 'succeeded' });
  });
});

describe('events of one ordering key', () => {
  it('run one after the other, in the order of their arrival, also past one that fails', async () => {
    const seen: unknown[] = [];
    const hello = world.deploy('hello', {}, ({ presentation }) => {
      seen.push(presentation.kind === 'http' && presentation.headers['x-glambdar-event-id']);
      return seen.length === 1 ? threw : answer();
    });
    const ids = [];
    for (let count = 0; count < 3; count += 1) ids.push(await world.submit(hello, { orderingKey: 'k' }));
    await world.reaches(String(ids[0]), 'failed');
    expect(seen).toEqual([ids[0]]);
    world.clock.advance(longestDelayMs);
    await world.reaches(String(ids[2]), 'succeeded');
    expect(seen).toEqual([ids[0], ...ids]);
  });
});

describe('room for events', () => {
  it('is theirs up to their share of the running calls; the others wait in the store', async () => {
    world = await startedWorld({ calls: { running: 8 } });
    const held = new Held();
    const hello = world.deploy('hello', { maxConcurrency: 100 }, held.handler);
    for (let count = 0; count < 20; count += 1) await world.submit(hello);
    await until(() => world.runner.runningCount > 0);
    const most = world.runner.runningCount;
    expect(most).toBeLessThanOrEqual(4);
    while (world.begun.length < 20) {
      const before = world.begun.length;
      held.release();
      await roomAppears(() => world.begun.length > before);
      expect(world.runner.runningCount).toBeLessThanOrEqual(4);
    }
    held.release();
    await until(() => world.runner.runningCount === 0);
  });

  it('goes to functions in turn: the many events of one do not keep another waiting', async () => {
    world = await startedWorld({ calls: { running: 2 } });
    const held = new Held();
    const many = world.deploy('many', {}, held.handler);
    for (let count = 0; count < 50; count += 1) await world.submit(many);
    await held.holds(1);
    const one = await world.submit(world.deploy('one'));
    await roomAppears(() => {
      held.release();
      return world.begun.some(({ target }) => target.name === 'one');
    });
    await world.reaches(one, 'succeeded');
    // One of the many ran, another had its turn, and then this one.
    expect(world.begun.length).toBeLessThan(5);
  });

  it('appears where a function may run more calls than before', async () => {
    const hello = world.deploy('hello', { maxConcurrency: 0 });
    const id = await world.submit(hello);
    world.replace(hello, {});
    await world.reaches(id, 'succeeded');
  });
});

describe('a store that fails', () => {
  it('is asked again, ever more slowly, and loses nothing', async () => {
    const hello = world.deploy('hello');
    world.store.failNext('claim', unavailable);
    world.store.failNext('claim', unavailable);
    const id = await world.submit(hello);
    await until(() => world.log.messagesAt('warn').length === 1);
    expect(await world.record(id)).toMatchObject({ state: 'queued' });
    world.clock.advance(250);
    world.clock.advance(500);
    await until(async () => {
      world.clock.advance(500);
      return (await world.record(id)).state === 'succeeded';
    });
    expect(world.log.messagesAt('warn')).toEqual(['events cannot be read; this is tried again']);
  });

  it('is given an outcome again until it keeps it: the event runs once', async () => {
    const hello = world.deploy('hello');
    for (let count = 0; count < 3; count += 1) world.store.failNext('settle', unavailable);
    const id = await world.submit(hello);
    await until(() => world.log.messagesAt('warn').length === 1);
    await until(async () => {
      world.clock.advance(1000);
      return (await world.record(id)).state === 'succeeded';
    });
    expect(world.begun).toHaveLength(1);
  });
});

describe('a lease', () => {
  it('is renewed for as long as the event runs', async () => {
    const held = new Held();
    const id = await world.submit(world.deploy('hello', {}, held.handler));
    await held.holds(1);
    for (let count = 0; count < 12; count += 1) {
      world.clock.advance(20_000);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await world.record(id)).toMatchObject({ state: 'running', attemptCount: 1 });
    held.release();
    await world.reaches(id, 'succeeded');
    expect(world.begun).toHaveLength(1);
  });

  it('ends with the event where it is deleted in this server, and what runs at once', async () => {
    const held = new Held();
    const id = await world.submit(world.deploy('hello', {}, held.handler));
    const other = await world.submit(world.deploy('other', {}, held.handler));
    await held.holds(2);
    const kept = new KeptEvents(world.store, world.functions, world.feed, world.clock);
    await kept.delete(await world.record(id));
    await until(() => world.runner.runningCount === 1);
    const reasons = held.waiting.map(({ invocation }) => invocation.cancellation.reason);
    expect(reasons).toMatchObject([{ code: 'EVENT_NOT_FOUND' }, undefined]);
    expect(await world.record(other)).toMatchObject({ state: 'running' });
  });

  it('that was lost, because the event was deleted, ends what runs', async () => {
    const held = new Held();
    const id = await world.submit(world.deploy('hello', {}, held.handler));
    await held.holds(1);
    await world.store.delete(id);
    world.clock.advance(20_000);
    await until(() => world.runner.runningCount === 0);
    expect(held.waiting[0]?.invocation.cancellation.reason).toBeDefined();
  });

  it('that an answer of the store was lost with ends, and the event runs', async () => {
    const hello = world.deploy('hello', { maxConcurrency: 0 });
    const id = await world.submit(hello);
    const lost = {
      functionId: hello.id,
      limit: 1,
      owner: '0123abcd',
      leaseMs: 60_000,
      invocationIds: ['lost'],
    };
    await world.store.claim(lost);
    world.replace(hello, {});
    await until(async () => {
      world.clock.advance(20_000);
      return (await world.record(id)).state === 'succeeded';
    });
    expect(world.begun).toHaveLength(1);
  });
});

describe('a function that is deleted', () => {
  it('takes its events with it, and a new one of its name gets none of them', async () => {
    const held = new Held();
    const hello = world.deploy('hello', { maxConcurrency: 1 }, held.handler);
    const ids = [await world.submit(hello), await world.submit(hello)];
    await held.holds(1);
    world.remove(hello);
    world.deploy('hello');
    held.release();
    await until(() => world.runner.runningCount === 0);
    for (const id of ids) expect(await world.store.find(id)).toBeUndefined();
    expect(world.begun).toHaveLength(1);
  });
});

describe('a start', () => {
  it('takes up what an earlier run has left, and drops what is of no function any more', async () => {
    world = new EventsWorld();
    const [hello, gone] = [world.deploy('hello'), world.deploy('gone')];
    const ids = [await world.submit(hello), await world.submit(hello)];
    const orphan = await world.submit(gone);
    const claim = {
      functionId: hello.id,
      limit: 1,
      owner: '0123abcd',
      leaseMs: 60_000,
      invocationIds: ['crashed'],
    };
    await world.store.claim(claim);
    world.remove(gone);
    await world.lifecycle.start();
    for (const id of ids) await world.reaches(id, 'succeeded');
    expect(await world.store.find(orphan)).toBeUndefined();
    expect((await world.record(String(ids[0]))).attempts).toMatchObject([
      { invocationId: 'crashed', outcome: 'platform' },
      { outcome: 'success' },
    ]);
  });
});

describe('a stop', () => {
  it('claims nothing more, gives what runs its time, and queues again what it had to end, uncounted', async () => {
    const held = new Held();
    const hello = world.deploy('hello', { maxConcurrency: 4 }, held.handler);
    const [first, second] = [await world.submit(hello), await world.submit(hello)];
    await held.holds(2);
    await world.lifecycle.stop();
    const drained = world.runningCalls.drain();
    held.waiting.shift()?.answer(answer());
    await world.reaches(first, 'succeeded');
    world.clock.advance(30_000);
    await drained;
    expect(await world.record(second)).toMatchObject({
      state: 'queued',
      countedAttempts: 0,
      attempts: [{ outcome: 'platform', code: 'DRAINING' }],
    });
    expect(world.begun).toHaveLength(2);
    world.clock.advance(20_000);
    expect(world.clock.pendingTimers).toBe(0);
  });

  it('waits for no event that has no container yet: it is queued again at once', async () => {
    world.hasNoContainers = true;
    const id = await world.submit(world.deploy('hello', { maxConcurrency: 4 }));
    await world.reaches(id, 'running');
    await world.lifecycle.stop();
    await world.runningCalls.drain();
    expect(await world.record(id)).toMatchObject({
      state: 'queued',
      countedAttempts: 0,
      attempts: [{ outcome: 'platform', code: 'DRAINING' }],
    });
  });

  it('does not wait without end for a store that fails', async () => {
    const held = new Held();
    await world.submit(world.deploy('hello', {}, held.handler));
    await held.holds(1);
    await world.lifecycle.stop();
    world.store.refusal = unavailable;
    const drained = world.runningCalls.drain();
    let isDrained = false;
    void drained.then(() => (isDrained = true));
    held.release();
    await until(() => {
      world.clock.advance(1000);
      return isDrained;
    });
    expect(world.log.messagesAt('error')).toEqual([
      'the outcome of an event could not be kept; the event will run again',
    ]);
  });
});
