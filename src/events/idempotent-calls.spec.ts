import { DomainError } from '../common/errors/domain-error.js';
import { InMemoryEventStore } from '../../test/fakes/in-memory-event-store.js';
import { ManualClock } from '../../test/fakes/manual-clock.js';
import { RecordingLog } from '../../test/fakes/recording-log.js';
import { settingsFor } from '../../test/support/builders/functions.js';
import { eventsSettings } from './events.settings.js';
import { FirstCall, IdempotentCalls } from './idempotent-calls.js';

const leaseMs = 45_000;
const dayMs = 24 * 60 * 60 * 1000;
const answer = { status: 201, headers: { 'x-order': '7' }, body: new Uint8Array([0, 255]) };

let clock: ManualClock;
let store: InMemoryEventStore;
let calls: IdempotentCalls;
beforeEach(() => {
  clock = new ManualClock();
  store = new InMemoryEventStore(clock);
  calls = new IdempotentCalls(store, clock, new RecordingLog(), {
    ...settingsFor(eventsSettings),
    resultBytes: 4,
  });
});

function begin(fields: { sender?: string; functionId?: string; key?: string; fingerprint?: string } = {}) {
  const { sender = 'key-1', functionId = 'f', key = 'order', fingerprint = 'same' } = fields;
  return calls.begin(functionId, { sender, key, fingerprint }, leaseMs);
}

async function first(fields: Parameters<typeof begin>[0] = {}): Promise<FirstCall> {
  const begun = await begin(fields);
  if (!(begun instanceof FirstCall)) throw new Error('It is not the first.');
  return begun;
}

describe('a call with an idempotency key', () => {
  it('is answered as the first was', async () => {
    await (await first()).answered(answer);
    expect(await begin()).toEqual(answer);
    clock.advance(dayMs - 1);
    expect(await begin()).toEqual(answer);
  });

  it('is the first again after a day', async () => {
    await (await first()).answered(answer);
    clock.advance(dayMs);
    expect(await begin()).toBeInstanceOf(FirstCall);
  });

  it('is refused while the first runs, and is the first where that one cannot run any more', async () => {
    await first();
    clock.advance(leaseMs - 1);
    await expect(begin()).rejects.toMatchObject({
      code: 'IDEMPOTENCY_CONFLICT',
      details: { field: 'Idempotency-Key', retryAfterMs: 1000 },
    });
    clock.advance(1);
    expect(await begin()).toBeInstanceOf(FirstCall);
  });

  it('is refused for another request, while the first runs and after it', async () => {
    const call = await first();
    await expect(begin({ fingerprint: 'other' })).rejects.toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED' });
    await call.answered(answer);
    await expect(begin({ fingerprint: 'other' })).rejects.toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED' });
  });

  it.each([{ sender: 'another' }, { functionId: 'g' }, { key: 'order-2' }])(
    'is another one with %j',
    async (fields) => {
      await (await first({ sender: 'one' })).answered(answer);
      expect(await begin({ sender: 'one', ...fields })).toBeInstanceOf(FirstCall);
    },
  );

  it('may be tried again where the first gave up', async () => {
    await (await first()).gaveUp();
    expect(await begin({ fingerprint: 'other' })).toBeInstanceOf(FirstCall);
  });

  it('ends in one way: what comes after an answer does not free the key', async () => {
    const call = await first();
    await call.answered(answer);
    await call.gaveUp();
    expect(await begin()).toEqual(answer);
  });

  it.each([
    ['buffered', (call: FirstCall) => call.answered({ ...answer, body: new Uint8Array(5) })],
    ['streamed', (call: FirstCall) => call.answeredAtLength({ status: 200, headers: {} }, 5)],
  ])('is not done again where the answer was too large: %s', async (_, end) => {
    await end(await first());
    await expect(begin()).rejects.toMatchObject({
      code: 'IDEMPOTENT_ANSWER_TOO_LARGE',
      message: expect.stringContaining('its answer of 5 bytes') as string,
    });
  });

  it('is answered though its answer cannot be kept, and then is free when its time is over', async () => {
    const call = await first();
    store.failNext('answerCall', new DomainError('INSUFFICIENT_STORAGE', 'The disk is full.'));
    await call.answered(answer);
    await expect(begin()).rejects.toMatchObject({ code: 'IDEMPOTENCY_CONFLICT' });
    clock.advance(leaseMs);
    expect(await begin()).toBeInstanceOf(FirstCall);
  });

  it('does not begin where the store does not answer', async () => {
    store.failNext('claimCall', new DomainError('STORAGE_UNAVAILABLE', 'The store is gone.'));
    await expect(begin()).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
  });
});
