import { EventsWorld } from '../../test/support/events-world.js';
import { eventRequest } from '../../test/support/builders/events.js';
import { DomainError } from '../common/errors/domain-error.js';
import { parseFunctionName } from '../functions/function-name.js';

const failsWith = (code: string) => expect.objectContaining({ code }) as Error;

describe('work that is handed over', () => {
  it('is an event in the store, with an id that sorts by time', async () => {
    const world = new EventsWorld();
    const hello = world.deploy('hello', { retry: { maxAgeSeconds: 60 } });
    const id = await world.submit(hello, { keyId: 'key-1', orderingKey: 'order' });
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7/);
    const acceptedAtMs = world.clock.wallTime().getTime();
    expect(await world.record(id)).toMatchObject({
      functionId: hello.id,
      state: 'queued',
      keyId: 'key-1',
      orderingKey: 'order',
      acceptedAtMs,
      expiresAtMs: acceptedAtMs + 60_000,
      depth: 0,
    });
    expect(world.service.acceptedCount).toBe(1);
  });

  it('is told to whoever dispatches only once it is in the store', async () => {
    const world = new EventsWorld();
    const hello = world.deploy('hello');
    const held = Promise.withResolvers<undefined>();
    const due: string[] = [];
    world.feed.onDue((functionId) => due.push(functionId));
    world.store.held = held.promise;
    const submitted = world.submit(hello);
    expect(due).toEqual([]);
    held.resolve(undefined);
    await submitted;
    expect(due).toEqual([hello.id]);
  });

  it('is refused where there is no such function', async () => {
    const world = new EventsWorld();
    const nobody = { ...world.deploy('hello'), name: parseFunctionName('nobody') };
    await expect(world.submit(nobody)).rejects.toThrow(failsWith('FUNCTION_NOT_FOUND'));
  });

  it('is refused, and not kept, where the function is deleted meanwhile', async () => {
    const world = new EventsWorld();
    const hello = world.deploy('hello');
    const held = Promise.withResolvers<undefined>();
    world.store.held = held.promise;
    const submitted = world.submit(hello);
    world.remove(hello);
    held.resolve(undefined);
    await expect(submitted).rejects.toThrow(failsWith('FUNCTION_NOT_FOUND'));
    expect(await world.store.depths()).toEqual([]);
  });

  it.each([
    [{ events: { requestBytes: 2048 } }, 2048],
    [{ calls: { requestBytes: 1024 } }, 1024],
  ])('may have as large a body as the settings %j say', async (choices, limit) => {
    const world = new EventsWorld(choices);
    const hello = world.deploy('hello');
    const request = (bytes: number) => ({ ...eventRequest, body: new Uint8Array(bytes) });
    await world.submit(hello, { request: request(limit) });
    const tooLarge = world.submit(hello, { request: request(limit + 1) });
    await expect(tooLarge).rejects.toThrow(failsWith('PAYLOAD_TOO_LARGE'));
  });

  it('is refused where the function’s queue is full, and told when to come again', async () => {
    const world = new EventsWorld();
    const hello = world.deploy('hello', { maxQueuedEvents: 1 });
    await world.submit(hello);
    await expect(world.submit(hello)).rejects.toMatchObject({
      code: 'EVENT_QUEUE_FULL',
      message: '1 events of this function wait already; send this one again later.',
      details: { retryAfterMs: 60_000 },
    });
  });

  it('is refused once the server stops', async () => {
    const world = new EventsWorld();
    const hello = world.deploy('hello');
    await world.runningCalls.drain();
    await expect(world.submit(hello)).rejects.toThrow(failsWith('DRAINING'));
  });

  it('is refused as the store refuses it', async () => {
    const world = new EventsWorld();
    const hello = world.deploy('hello');
    world.store.failNext('accept', new DomainError('INSUFFICIENT_STORAGE', 'The disk is full.'));
    await expect(world.submit(hello)).rejects.toThrow(failsWith('INSUFFICIENT_STORAGE'));
    expect(world.service.acceptedCount).toBe(0);
  });
});

describe('a key of an idempotent request', () => {
  const once = (fingerprint: string, sender = 'key-1') => ({
    idempotency: { sender, key: 'once', fingerprint },
  });

  it('gives the first event again, to the same sender', async () => {
    const world = new EventsWorld();
    const hello = world.deploy('hello');
    const first = await world.submit(hello, once('a'));
    expect(await world.submit(hello, once('a'))).toBe(first);
    expect(await world.submit(hello, once('a', 'key-2'))).not.toBe(first);
    expect(world.service.acceptedCount).toBe(2);
  });

  it('is refused with another request', async () => {
    const world = new EventsWorld();
    const hello = world.deploy('hello');
    await world.submit(hello, once('a'));
    await expect(world.submit(hello, once('b'))).rejects.toThrow(failsWith('IDEMPOTENCY_KEY_REUSED'));
  });
});

describe('a schedule that fires', () => {
  it('makes one event for each time that is due', async () => {
    const world = new EventsWorld();
    const { id, name } = world.deploy('hello');
    const fire = (dueMs: number) =>
      world.service.fire({
        functionName: name,
        request: eventRequest,
        source: { kind: 'schedule', schedule: 'nightly', dueMs, manual: false },
        keyId: undefined,
        orderingKey: undefined,
        firing: { scheduleId: `${id}/nightly`, dueMs },
      });
    const first = await fire(1000);
    expect(await world.record(first ?? '')).toMatchObject({ source: { schedule: 'nightly', dueMs: 1000 } });
    expect(await fire(1000)).toBeUndefined();
    expect(await fire(2000)).toBeDefined();
    expect(await fire(1500)).toBeUndefined();
  });
});
