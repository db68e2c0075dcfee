import { deployedFunction, settingsFor } from '../../../test/support/builders/functions.js';
import { ManualClock } from '../../../test/fakes/manual-clock.js';
import { fairShareSettings } from '../../common/budgets/fair-share.settings.js';
import { DomainError } from '../../common/errors/domain-error.js';
import { Cancellation } from '../../common/time/cancellation.js';
import type { DeployedFunction } from '../../functions/function.js';
import type { Priority } from '../invocation.js';
import { invocationSettings, type InvocationSettings } from '../invocation.settings.js';
import { AdmissionService, type Permit } from './admission.service.js';

let clock: ManualClock;
let admission: AdmissionService;

/** Four calls may run, two of them in the background. */
function open(changed: Partial<InvocationSettings> = {}): void {
  clock = new ManualClock();
  admission = new AdmissionService(
    clock,
    settingsFor(invocationSettings, { running: 4, ...changed }),
    settingsFor(fairShareSettings, { functionPercent: 100, keyPercent: 100 }),
  );
}

beforeEach(() => {
  open();
});

const never = new Cancellation();

function acquire(deployed: DeployedFunction, priority: Priority, cancellation = never): Promise<Permit> {
  return admission.acquire(deployed, { keyId: undefined, priority, cancellation });
}

const event = (deployed = deployedFunction(), cancellation?: Cancellation) =>
  acquire(deployed, 'background', cancellation);
const caller = (deployed = deployedFunction()) => acquire(deployed, 'normal');

function release(permits: readonly Permit[]): void {
  for (const permit of permits) permit.release();
}

describe('calls in the background', () => {
  it('run at once within their share, and wait beyond it', async () => {
    const first = await event();
    await event();
    const third = event();
    expect(admission.backgroundCounts).toEqual({ running: 2, queued: 1 });
    first.release();
    await third;
    expect(admission.backgroundCounts).toEqual({ running: 2, queued: 0 });
  });

  it('leave the rest of the permits to callers, who begin at once while others wait in the background', async () => {
    const deployed = deployedFunction();
    await Promise.all([event(deployed), event(deployed)]);
    void event(deployed);
    await Promise.all([caller(deployed), caller(deployed)]);
    expect(admission.counts).toEqual({ running: 4, queued: 0 });
  });

  it('begin after every caller who waits for the server, however long they have waited themselves', async () => {
    const held = await Promise.all(Array.from({ length: 4 }, () => caller()));
    const order: string[] = [];
    const begun = [
      event().then((permit) => (order.push('event'), permit)),
      ...['first', 'second'].map((name) => caller().then((permit) => (order.push(name), permit))),
    ];
    for (const permit of held) {
      clock.advance(100);
      permit.release();
    }
    release(await Promise.all(begun));
    expect(order).toEqual(['first', 'second', 'event']);
  });

  it('are never due because they were passed over: callers who never stop coming keep them waiting', async () => {
    open({ running: 1 });
    let permit = await caller();
    const waiting = event();
    for (let count = 0; count < 100; count += 1) {
      const next = caller();
      permit.release();
      permit = await next;
    }
    expect(admission.backgroundCounts).toEqual({ running: 0, queued: 1 });
    permit.release();
    await waiting;
  });

  it('begin beside callers who wait for their own function only', async () => {
    const single = deployedFunction({ settings: { maxConcurrency: 1 } });
    await caller(single);
    void caller(single);
    await event();
    expect(admission.counts).toEqual({ running: 2, queued: 1 });
  });

  it('take no place in the queue from callers, and no room kept for them', async () => {
    open({ running: 1, queued: 1, queuedPerFunction: 1 });
    const deployed = deployedFunction();
    const first = await caller(deployed);
    void event(deployed);
    void caller(deployed);
    expect(admission.counts).toEqual({ running: 1, queued: 1 });
    await expect(caller(deployed)).rejects.toMatchObject({ code: 'CONCURRENCY_LIMIT' });
    first.release();
    expect(admission.backgroundCounts).toEqual({ running: 0, queued: 1 });
  });

  it('wait as long as a caller may, are refused as the server’s fault, and are not counted as refused', async () => {
    open({ running: 1, queueTimeoutMs: 500 });
    await caller();
    const waiting = event();
    clock.advance(500);
    await expect(waiting).rejects.toMatchObject({ code: 'OVERLOADED' });
    expect(admission.backgroundCounts).toEqual({ running: 0, queued: 0 });
    expect(admission.refused).toEqual({});
    expect(clock.pendingTimers).toBe(0);
  });

  it('are refused at once when as many wait as may run', async () => {
    await Promise.all([event(), event()]);
    const waiting = [event(), event()];
    await expect(event()).rejects.toMatchObject({ code: 'OVERLOADED' });
    expect(admission.backgroundCounts).toEqual({ running: 2, queued: 2 });
    expect(waiting).toHaveLength(2);
  });

  it('are refused at once of a function whose limit is 0', async () => {
    const closed = deployedFunction({ settings: { maxConcurrency: 0 } });
    await expect(event(closed)).rejects.toMatchObject({ code: 'CONCURRENCY_LIMIT' });
  });

  it('lose no permit when they are cancelled, while they wait or in the moment they begin', async () => {
    const [first, second] = await Promise.all([event(), event()]);
    const [waits, begins] = [new Cancellation(), new Cancellation()];
    const stop = new DomainError('DRAINING', 'The server is shutting down.');
    const waiting = event(undefined, waits);
    waits.cancel(stop);
    await expect(waiting).rejects.toBe(stop);
    const beginning = event(undefined, begins);
    first.release();
    begins.cancel(stop);
    await expect(beginning).rejects.toBe(stop);
    second.release();
    expect(admission.counts).toEqual({ running: 0, queued: 0 });
    expect(admission.backgroundCounts).toEqual({ running: 0, queued: 0 });
  });

  it('do not change when a refused caller should try again', async () => {
    open({ running: 1, queued: 0 });
    const permit = await event();
    clock.advance(60_000);
    permit.release();
    await caller();
    await expect(caller()).rejects.toMatchObject({ details: { retryAfterMs: 1000 } });
  });
});

describe('room in the background', () => {
  it('is what could begin now, less what already waits for it', async () => {
    const deployed = deployedFunction();
    expect(admission.backgroundSlots(deployed)).toBe(2);
    const first = await event(deployed);
    expect(admission.backgroundSlots(deployed)).toBe(1);
    await event();
    expect(admission.backgroundSlots(deployed)).toBe(0);
    void event();
    first.release();
    expect(admission.backgroundSlots(deployed)).toBe(0);
  });

  it('is none while a caller waits for the server', async () => {
    const permits = await Promise.all(Array.from({ length: 4 }, () => caller()));
    void caller();
    void caller();
    permits[0]?.release();
    expect(admission.backgroundSlots(deployedFunction())).toBe(0);
  });

  it('is told of once for all calls that ended, to whoever has asked before', async () => {
    let told = 0;
    admission.onBackgroundRoom(() => (told += 1));
    const permits = await Promise.all(Array.from({ length: 4 }, () => caller()));
    expect(admission.backgroundSlots(deployedFunction())).toBe(0);
    release(permits);
    clock.advance(1000);
    expect(told).toBe(1);
    release([await caller()]);
    clock.advance(1000);
    expect(told).toBe(1);
    expect(clock.pendingTimers).toBe(0);
  });

  it('is not told of while callers take it at once, or the background has its share', async () => {
    let told = 0;
    admission.onBackgroundRoom(() => (told += 1));
    const callers = await Promise.all([caller(), caller()]);
    const events = await Promise.all([event(), event()]);
    admission.backgroundSlots(deployedFunction());
    const waiting = caller();
    callers[0].release();
    await waiting;
    callers[1].release();
    clock.advance(1000);
    expect(told).toBe(0);
    release(events);
    clock.advance(1000);
    expect(told).toBe(1);
  });

  it('is told of when a caller who waited for it gives up', async () => {
    open({ runningMemoryMiB: 1024 });
    let told = 0;
    admission.onBackgroundRoom(() => (told += 1));
    const large = deployedFunction({ settings: { memoryMiB: 700 } });
    await caller(large);
    const client = new Cancellation();
    const waiting = acquire(deployedFunction({ settings: { memoryMiB: 700 } }), 'normal', client);
    expect(admission.backgroundSlots(deployedFunction())).toBe(0);
    client.cancel(new DomainError('CLIENT_CLOSED', 'The client disconnected.'));
    await expect(waiting).rejects.toMatchObject({ code: 'CLIENT_CLOSED' });
    clock.advance(1000);
    expect(told).toBe(1);
  });
});
