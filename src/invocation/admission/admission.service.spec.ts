import { deployedFunction, settingsFor } from '../../../test/support/builders/functions.js';
import { ManualClock } from '../../../test/fakes/manual-clock.js';
import { Cancellation } from '../../common/time/cancellation.js';
import { completeSettings } from '../../functions/settings/default-settings.js';
import { DomainError } from '../../common/errors/domain-error.js';
import { fairShareSettings, type FairShareSettings } from '../../common/budgets/fair-share.settings.js';
import type { Priority } from '../invocation.js';
import { invocationSettings, type InvocationSettings } from '../invocation.settings.js';
import { AdmissionService, type Applicant, type Permit } from './admission.service.js';
import { keepsRoomAfterMs, mostPassedOver } from './admission-policy.js';

const neverCancelled = new Cancellation();

function caller(keyId?: string, cancellation = neverCancelled, priority: Priority = 'normal'): Applicant {
  return { keyId, cancellation, priority };
}

function admissionWith(
  changed: Partial<InvocationSettings> = {},
  shares: Partial<FairShareSettings> = { functionPercent: 100, keyPercent: 100 },
) {
  const clock = new ManualClock();
  const admission = new AdmissionService(
    clock,
    settingsFor(invocationSettings, changed),
    settingsFor(fairShareSettings, shares),
  );
  return { admission, clock };
}

describe('AdmissionService', () => {
  it('admits at once while there are permits', async () => {
    const { admission } = admissionWith({ running: 2 });
    await admission.acquire(deployedFunction(), caller());
    await admission.acquire(deployedFunction(), caller());
    expect(admission.counts).toEqual({ running: 2, queued: 0 });
  });

  it('lets a call wait for a permit and gives it the next one', async () => {
    const { admission, clock } = admissionWith({ running: 1 });
    const first = await admission.acquire(deployedFunction(), caller());
    const second = admission.acquire(deployedFunction(), caller());
    expect(admission.counts).toEqual({ running: 1, queued: 1 });
    first.release();
    (await second).release();
    expect(admission.counts).toEqual({ running: 0, queued: 0 });
    expect(clock.pendingTimers).toBe(0);
  });

  it('gives a freed permit to the function with the fewest calls running, so a flood starves nobody', async () => {
    const { admission } = admissionWith({ running: 4 });
    const flooded = deployedFunction({ settings: { maxConcurrency: 4 } });
    const permits = await Promise.all([1, 2, 3, 4].map(() => admission.acquire(flooded, caller())));
    const order: string[] = [];
    const floodWaits = admission.acquire(flooded, caller()).then(() => order.push('flooded'));
    const quietWaits = admission.acquire(deployedFunction(), caller()).then(() => order.push('quiet'));
    permits[0]!.release();
    await quietWaits;
    permits[1]!.release();
    await floodWaits;
    expect(order).toEqual(['quiet', 'flooded']);
  });

  it('holds a function to its own limit and names it: 429 is for the caller of that function', async () => {
    const { admission } = admissionWith({ queuedPerFunction: 0 });
    const deployed = deployedFunction({ settings: { maxConcurrency: 1 } });
    await admission.acquire(deployed, caller());
    await expect(admission.acquire(deployed, caller())).rejects.toMatchObject({
      code: 'CONCURRENCY_LIMIT',
      details: { retryAfterMs: 1000 },
    });
    await admission.acquire(deployedFunction(), caller());
  });

  it('holds a warm function to its maximum of containers', async () => {
    const { admission } = admissionWith({ queuedPerFunction: 0 });
    const warm = deployedFunction({ settings: { isolation: 'warm', maxContainers: 1 } });
    await admission.acquire(warm, caller());
    await expect(admission.acquire(warm, caller())).rejects.toMatchObject({
      code: 'CONCURRENCY_LIMIT',
    });
  });

  it('refuses every call of a function whose limit is 0, at once', async () => {
    const { admission } = admissionWith();
    const closed = deployedFunction({ settings: { maxConcurrency: 0 } });
    await expect(admission.acquire(closed, caller())).rejects.toMatchObject({
      code: 'CONCURRENCY_LIMIT',
    });
    expect(admission.counts).toEqual({ running: 0, queued: 0 });
  });

  it('goes by the newest limit, and admits at once whom a raised one lets in', async () => {
    const { admission } = admissionWith();
    const before = deployedFunction({ settings: { maxConcurrency: 1 } });
    const raised = { ...before, settings: completeSettings({ maxConcurrency: 3 }) };
    await admission.acquire(before, caller());
    const waiting = admission.acquire(before, caller());
    await admission.acquire(raised, caller());
    await waiting;
    expect(admission.counts).toEqual({ running: 3, queued: 0 });
    const lowered = { ...before, settings: completeSettings({ maxConcurrency: 2 }) };
    void admission.acquire(lowered, caller());
    expect(admission.counts).toEqual({ running: 3, queued: 1 });
  });

  it('admits no more than the memory of all running calls allows, whatever the number of permits', async () => {
    const { admission } = admissionWith({ runningMemoryMiB: 512 });
    const large = () => deployedFunction({ settings: { memoryMiB: 256 } });
    const [first] = [await admission.acquire(large(), caller()), await admission.acquire(large(), caller())];
    const third = admission.acquire(large(), caller());
    expect(admission.counts).toEqual({ running: 2, queued: 1 });
    first.release();
    await third;
    expect(admission.counts).toEqual({ running: 2, queued: 0 });
  });

  it('lets smaller calls go by a large one, and runs it when those before it have ended', async () => {
    const { admission, clock } = admissionWith({ runningMemoryMiB: 1024 });
    const acquire = (memoryMiB: number) =>
      admission.acquire(deployedFunction({ settings: { memoryMiB } }), caller());
    const first = await acquire(700);
    const large = acquire(700);
    clock.advance(keepsRoomAfterMs);
    await acquire(128);
    await acquire(128);
    const later = acquire(128);
    expect(admission.counts).toEqual({ running: 3, queued: 2 });
    first.release();
    (await large).release();
    (await later).release();
  });

  it('lets others run beside a call that is larger than all the memory there is', async () => {
    const { admission } = admissionWith({ runningMemoryMiB: 512 });
    await admission.acquire(deployedFunction({ settings: { memoryMiB: 1024 } }), caller());
    await admission.acquire(deployedFunction(), caller());
    expect(admission.counts).toEqual({ running: 2, queued: 0 });
  });

  it('keeps half of the permits from one function, and refuses with its limit', async () => {
    const { admission } = admissionWith({ running: 4, queued: 0 }, { functionPercent: 50, keyPercent: 50 });
    const greedy = deployedFunction();
    await admission.acquire(greedy, caller());
    await admission.acquire(greedy, caller());
    await expect(admission.acquire(greedy, caller())).rejects.toMatchObject({
      code: 'CONCURRENCY_LIMIT',
    });
    await admission.acquire(deployedFunction(), caller());
  });

  it('keeps half of the queue from one function', async () => {
    const { admission } = admissionWith({ running: 1, queued: 2 }, { functionPercent: 50, keyPercent: 50 });
    const greedy = deployedFunction();
    await admission.acquire(greedy, caller());
    void admission.acquire(greedy, caller());
    await expect(admission.acquire(greedy, caller())).rejects.toMatchObject({
      code: 'CONCURRENCY_LIMIT',
    });
    void admission.acquire(deployedFunction(), caller());
    expect(admission.counts).toEqual({ running: 1, queued: 2 });
  });

  it('keeps half of the permits from one key, over all functions, and says so', async () => {
    const { admission } = admissionWith({ running: 4, queued: 0 }, { functionPercent: 50, keyPercent: 50 });
    await admission.acquire(deployedFunction(), caller('greedy'));
    await admission.acquire(deployedFunction(), caller('greedy'));
    await expect(admission.acquire(deployedFunction(), caller('greedy'))).rejects.toMatchObject({
      code: 'RATE_LIMITED',
    });
    await admission.acquire(deployedFunction(), caller('modest'));
    expect(admission.refused).toEqual({ key: 1 });
  });

  it('keeps half of the memory from one key, over all functions', async () => {
    const { admission } = admissionWith(
      { runningMemoryMiB: 1024, queued: 0 },
      { functionPercent: 50, keyPercent: 50 },
    );
    const large = () => deployedFunction({ settings: { memoryMiB: 400 } });
    const first = await admission.acquire(large(), caller('greedy'));
    await expect(admission.acquire(large(), caller('greedy'))).rejects.toMatchObject({
      code: 'RATE_LIMITED',
    });
    await admission.acquire(large(), caller('modest'));
    first.release();
    await admission.acquire(large(), caller('greedy'));
  });

  it('refuses at once when the queue of all functions is full', async () => {
    const { admission } = admissionWith({ running: 1, queued: 1 });
    await admission.acquire(deployedFunction(), caller());
    void admission.acquire(deployedFunction(), caller());
    await expect(admission.acquire(deployedFunction(), caller())).rejects.toMatchObject({
      code: 'OVERLOADED',
    });
    expect(admission.counts).toEqual({ running: 1, queued: 1 });
  });

  it('lets nobody wait longer than the limit', async () => {
    const { admission, clock } = admissionWith({ running: 1, queueTimeoutMs: 500 });
    await admission.acquire(deployedFunction(), caller());
    const waiting = admission.acquire(deployedFunction(), caller());
    clock.advance(500);
    await expect(waiting).rejects.toMatchObject({ code: 'OVERLOADED' });
    expect(admission.counts).toEqual({ running: 1, queued: 0 });
  });

  it('forgets a call whose client leaves while it waits', async () => {
    const { admission, clock } = admissionWith({ running: 1 });
    await admission.acquire(deployedFunction(), caller());
    const client = new Cancellation();
    const waiting = admission.acquire(deployedFunction(), caller(undefined, client));
    client.cancel(new DomainError('CLIENT_CLOSED', 'The client disconnected.'));
    await expect(waiting).rejects.toMatchObject({ code: 'CLIENT_CLOSED' });
    expect(admission.counts).toEqual({ running: 1, queued: 0 });
    expect(clock.pendingTimers).toBe(0);
  });

  it('lets others go on when the call for which room was kept gives up', async () => {
    const { admission, clock } = admissionWith({ runningMemoryMiB: 1024 });
    const acquire = (memoryMiB: number, client = neverCancelled) =>
      admission.acquire(deployedFunction({ settings: { memoryMiB } }), caller(undefined, client));
    await acquire(600);
    const client = new Cancellation();
    const large = acquire(700, client);
    clock.advance(keepsRoomAfterMs);
    await acquire(200);
    const small = acquire(200);
    expect(admission.counts).toEqual({ running: 2, queued: 2 });
    client.cancel(new DomainError('CLIENT_CLOSED', 'The client disconnected.'));
    await expect(large).rejects.toMatchObject({ code: 'CLIENT_CLOSED' });
    expect(admission.counts).toEqual({ running: 3, queued: 0 });
    await small;
  });

  it('lets nobody wait that has left before', async () => {
    const { admission, clock } = admissionWith({ running: 1 });
    await admission.acquire(deployedFunction(), caller());
    const client = new Cancellation();
    client.cancel(new DomainError('CLIENT_CLOSED', 'The client disconnected.'));
    await expect(admission.acquire(deployedFunction(), caller(undefined, client))).rejects.toMatchObject({
      code: 'CLIENT_CLOSED',
    });
    expect(admission.counts).toEqual({ running: 1, queued: 0 });
    expect(clock.pendingTimers).toBe(0);
  });

  it('serves the keys of one function round robin', async () => {
    const { admission } = admissionWith({ running: 1 });
    const deployed = deployedFunction();
    const first = await admission.acquire(deployed, caller('greedy'));
    const order: string[] = [];
    const acquire = async (keyId: string) => {
      const permit = await admission.acquire(deployed, caller(keyId));
      order.push(keyId);
      permit.release();
    };
    const calls = ['greedy', 'greedy', 'greedy', 'modest'].map(acquire);
    first.release();
    await Promise.all(calls);
    expect(order).toEqual(['greedy', 'modest', 'greedy', 'greedy']);
  });

  it('makes one wait behind those of its own queue, and behind no one else', async () => {
    const { admission } = admissionWith({ running: 4, queued: 10 }, { functionPercent: 100, keyPercent: 25 });
    const deployed = deployedFunction();
    const first = await admission.acquire(deployed, caller('full'));
    void admission.acquire(deployed, caller('full'));
    await admission.acquire(deployed, caller('other'));
    expect(admission.counts).toEqual({ running: 2, queued: 1 });
    first.release();
    expect(admission.counts).toEqual({ running: 2, queued: 0 });
  });

  it('loses no permit when the client leaves in the moment it is admitted', async () => {
    const { admission } = admissionWith({ running: 1 });
    const first: Permit = await admission.acquire(deployedFunction(), caller());
    const client = new Cancellation();
    const waiting = admission.acquire(deployedFunction(), caller(undefined, client));
    first.release();
    client.cancel(new DomainError('CLIENT_CLOSED', 'The client disconnected.'));
    await expect(waiting).rejects.toMatchObject({ code: 'CLIENT_CLOSED' });
    expect(admission.counts).toEqual({ running: 0, queued: 0 });
  });

  it('lets a call of a higher priority go before those that came earlier', async () => {
    const { admission } = admissionWith({ running: 1 });
    const first = await admission.acquire(deployedFunction(), caller());
    const order: Priority[] = [];
    const calls = (['low', 'normal', 'high'] as const).map(async (priority) => {
      const permit = await admission.acquire(deployedFunction(), caller(undefined, neverCancelled, priority));
      order.push(priority);
      permit.release();
    });
    first.release();
    await Promise.all(calls);
    expect(order).toEqual(['high', 'normal', 'low']);
  });

  it('lets a low call run while high ones never stop coming, before its time in the queue is over', async () => {
    const { admission, clock } = admissionWith({ running: 1, queueTimeoutMs: 60_000 });
    const busy = deployedFunction();
    let permit = await admission.acquire(busy, caller());
    let hasRun = false;
    const low = admission.acquire(deployedFunction(), caller(undefined, neverCancelled, 'low'));
    void low.then(() => (hasRun = true));
    for (let before = 0; before < mostPassedOver; before += 1) {
      const high = admission.acquire(busy, caller(undefined, neverCancelled, 'high'));
      clock.advance(10);
      permit.release();
      permit = await high;
    }
    expect(hasRun).toBe(false);
    void admission.acquire(busy, caller(undefined, neverCancelled, 'high'));
    permit.release();
    await low;
    expect(admission.counts).toEqual({ running: 1, queued: 1 });
  });
});
