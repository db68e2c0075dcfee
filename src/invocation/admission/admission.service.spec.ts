import { deployedFunction, settingsFor } from '../../../test/support/builders/functions.js';
import { ManualClock } from '../../../test/fakes/manual-clock.js';
import { Cancellation } from '../../common/time/cancellation.js';
import { completeSettings } from '../../functions/settings/default-settings.js';
import { DomainError } from '../../common/errors/domain-error.js';
import { sharesSettings, type SharesSettings } from '../../common/shares/shares.settings.js';
import { invocationSettings, type InvocationSettings } from '../invocation.settings.js';
import { AdmissionService, type Place } from './admission.service.js';
import { keepsTurnAfterMs } from './lane.js';

const neverCancelled = new Cancellation();

function admissionWith(
  changed: Partial<InvocationSettings> = {},
  shares: Partial<SharesSettings> = { functionPercent: 100, keyPercent: 100 },
) {
  const clock = new ManualClock();
  const admission = new AdmissionService(
    clock,
    settingsFor(invocationSettings, changed),
    settingsFor(sharesSettings, shares),
  );
  return { admission, clock };
}

describe('AdmissionService', () => {
  it('admits at once while there are places', async () => {
    const { admission } = admissionWith({ running: 2 });
    await admission.enter(deployedFunction(), undefined, neverCancelled);
    await admission.enter(deployedFunction(), undefined, neverCancelled);
    expect(admission.counts).toEqual({ running: 2, queued: 0 });
  });

  it('lets a call wait for a place and gives it the next one', async () => {
    const { admission, clock } = admissionWith({ running: 1 });
    const first = await admission.enter(deployedFunction(), undefined, neverCancelled);
    const second = admission.enter(deployedFunction(), undefined, neverCancelled);
    expect(admission.counts).toEqual({ running: 1, queued: 1 });
    first.leave();
    (await second).leave();
    expect(admission.counts).toEqual({ running: 0, queued: 0 });
    expect(clock.pendingTimers).toBe(0);
  });

  it('gives a freed place to the function with the fewest calls running, so a flood starves nobody', async () => {
    const { admission } = admissionWith({ running: 4 });
    const flooded = deployedFunction({ settings: { maxConcurrency: 4 } });
    const places = await Promise.all(
      [1, 2, 3, 4].map(() => admission.enter(flooded, undefined, neverCancelled)),
    );
    const order: string[] = [];
    const floodWaits = admission.enter(flooded, undefined, neverCancelled).then(() => order.push('flooded'));
    const quietWaits = admission
      .enter(deployedFunction(), undefined, neverCancelled)
      .then(() => order.push('quiet'));
    places[0]!.leave();
    await quietWaits;
    places[1]!.leave();
    await floodWaits;
    expect(order).toEqual(['quiet', 'flooded']);
  });

  it('holds a function to its own limit and names it: 429 is for the caller of that function', async () => {
    const { admission } = admissionWith({ queuedPerFunction: 0 });
    const deployed = deployedFunction({ settings: { maxConcurrency: 1 } });
    await admission.enter(deployed, undefined, neverCancelled);
    await expect(admission.enter(deployed, undefined, neverCancelled)).rejects.toMatchObject({
      code: 'CONCURRENCY_LIMIT',
      details: { retryAfterMs: 1000 },
    });
    await admission.enter(deployedFunction(), undefined, neverCancelled);
  });

  it('holds a warm function to its maximum of containers', async () => {
    const { admission } = admissionWith({ queuedPerFunction: 0 });
    const warm = deployedFunction({ settings: { isolation: 'warm', maxContainers: 1 } });
    await admission.enter(warm, undefined, neverCancelled);
    await expect(admission.enter(warm, undefined, neverCancelled)).rejects.toMatchObject({
      code: 'CONCURRENCY_LIMIT',
    });
  });

  it('refuses every call of a function whose limit is 0, at once', async () => {
    const { admission } = admissionWith();
    const closed = deployedFunction({ settings: { maxConcurrency: 0 } });
    await expect(admission.enter(closed, undefined, neverCancelled)).rejects.toMatchObject({
      code: 'CONCURRENCY_LIMIT',
    });
    expect(admission.counts).toEqual({ running: 0, queued: 0 });
  });

  it('goes by the newest limit, and admits at once whom a raised one lets in', async () => {
    const { admission } = admissionWith();
    const before = deployedFunction({ settings: { maxConcurrency: 1 } });
    const raised = { ...before, settings: completeSettings({ maxConcurrency: 3 }) };
    await admission.enter(before, undefined, neverCancelled);
    const waiting = admission.enter(before, undefined, neverCancelled);
    await admission.enter(raised, undefined, neverCancelled);
    await waiting;
    expect(admission.counts).toEqual({ running: 3, queued: 0 });
    const lowered = { ...before, settings: completeSettings({ maxConcurrency: 2 }) };
    void admission.enter(lowered, undefined, neverCancelled);
    expect(admission.counts).toEqual({ running: 3, queued: 1 });
  });

  it('admits no more than the memory of all running calls allows, whatever the number of places', async () => {
    const { admission } = admissionWith({ runningMemoryMiB: 512 });
    const large = () => deployedFunction({ settings: { memoryMiB: 256 } });
    const [first] = [
      await admission.enter(large(), undefined, neverCancelled),
      await admission.enter(large(), undefined, neverCancelled),
    ];
    const third = admission.enter(large(), undefined, neverCancelled);
    expect(admission.counts).toEqual({ running: 2, queued: 1 });
    first.leave();
    await third;
    expect(admission.counts).toEqual({ running: 2, queued: 0 });
  });

  it('lets smaller calls go by a large one, and gives it its turn when those before it have ended', async () => {
    const { admission, clock } = admissionWith({ runningMemoryMiB: 1024 });
    const enter = (memoryMiB: number) =>
      admission.enter(deployedFunction({ settings: { memoryMiB } }), undefined, neverCancelled);
    const first = await enter(700);
    const large = enter(700);
    clock.advance(keepsTurnAfterMs);
    await enter(128);
    await enter(128);
    const later = enter(128);
    expect(admission.counts).toEqual({ running: 3, queued: 2 });
    first.leave();
    (await large).leave();
    (await later).leave();
  });

  it('lets others run beside a call that is larger than all the memory there is', async () => {
    const { admission } = admissionWith({ runningMemoryMiB: 512 });
    await admission.enter(deployedFunction({ settings: { memoryMiB: 1024 } }), undefined, neverCancelled);
    await admission.enter(deployedFunction(), undefined, neverCancelled);
    expect(admission.counts).toEqual({ running: 2, queued: 0 });
  });

  it('keeps half of the places from one function, and refuses with its limit', async () => {
    const { admission } = admissionWith({ running: 4, queued: 0 }, { functionPercent: 50, keyPercent: 50 });
    const greedy = deployedFunction();
    await admission.enter(greedy, undefined, neverCancelled);
    await admission.enter(greedy, undefined, neverCancelled);
    await expect(admission.enter(greedy, undefined, neverCancelled)).rejects.toMatchObject({
      code: 'CONCURRENCY_LIMIT',
    });
    await admission.enter(deployedFunction(), undefined, neverCancelled);
  });

  it('keeps half of the queue from one function', async () => {
    const { admission } = admissionWith({ running: 1, queued: 2 }, { functionPercent: 50, keyPercent: 50 });
    const greedy = deployedFunction();
    await admission.enter(greedy, undefined, neverCancelled);
    void admission.enter(greedy, undefined, neverCancelled);
    await expect(admission.enter(greedy, undefined, neverCancelled)).rejects.toMatchObject({
      code: 'CONCURRENCY_LIMIT',
    });
    void admission.enter(deployedFunction(), undefined, neverCancelled);
    expect(admission.counts).toEqual({ running: 1, queued: 2 });
  });

  it('keeps half of the places from one key, over all functions, and says so', async () => {
    const { admission } = admissionWith({ running: 4, queued: 0 }, { functionPercent: 50, keyPercent: 50 });
    await admission.enter(deployedFunction(), 'greedy', neverCancelled);
    await admission.enter(deployedFunction(), 'greedy', neverCancelled);
    await expect(admission.enter(deployedFunction(), 'greedy', neverCancelled)).rejects.toMatchObject({
      code: 'RATE_LIMITED',
    });
    await admission.enter(deployedFunction(), 'modest', neverCancelled);
    expect(admission.refused).toEqual({ key: 1 });
  });

  it('keeps half of the memory from one key, over all functions', async () => {
    const { admission } = admissionWith(
      { runningMemoryMiB: 1024, queued: 0 },
      { functionPercent: 50, keyPercent: 50 },
    );
    const large = () => deployedFunction({ settings: { memoryMiB: 400 } });
    const first = await admission.enter(large(), 'greedy', neverCancelled);
    await expect(admission.enter(large(), 'greedy', neverCancelled)).rejects.toMatchObject({
      code: 'RATE_LIMITED',
    });
    await admission.enter(large(), 'modest', neverCancelled);
    first.leave();
    await admission.enter(large(), 'greedy', neverCancelled);
  });

  it('refuses at once when the queue of all functions is full', async () => {
    const { admission } = admissionWith({ running: 1, queued: 1 });
    await admission.enter(deployedFunction(), undefined, neverCancelled);
    void admission.enter(deployedFunction(), undefined, neverCancelled);
    await expect(admission.enter(deployedFunction(), undefined, neverCancelled)).rejects.toMatchObject({
      code: 'OVERLOADED',
    });
    expect(admission.counts).toEqual({ running: 1, queued: 1 });
  });

  it('lets nobody wait longer than the limit', async () => {
    const { admission, clock } = admissionWith({ running: 1, queueTimeoutMs: 500 });
    await admission.enter(deployedFunction(), undefined, neverCancelled);
    const waiting = admission.enter(deployedFunction(), undefined, neverCancelled);
    clock.advance(500);
    await expect(waiting).rejects.toMatchObject({ code: 'OVERLOADED' });
    expect(admission.counts).toEqual({ running: 1, queued: 0 });
  });

  it('forgets a call whose client leaves while it waits', async () => {
    const { admission, clock } = admissionWith({ running: 1 });
    await admission.enter(deployedFunction(), undefined, neverCancelled);
    const client = new Cancellation();
    const waiting = admission.enter(deployedFunction(), undefined, client);
    client.cancel(new DomainError('CLIENT_CLOSED', 'The client left.'));
    await expect(waiting).rejects.toMatchObject({ code: 'CLIENT_CLOSED' });
    expect(admission.counts).toEqual({ running: 1, queued: 0 });
    expect(clock.pendingTimers).toBe(0);
  });

  it('lets others go on when the call whose turn was kept for it gives up', async () => {
    const { admission, clock } = admissionWith({ runningMemoryMiB: 1024 });
    const enter = (memoryMiB: number, client = neverCancelled) =>
      admission.enter(deployedFunction({ settings: { memoryMiB } }), undefined, client);
    await enter(600);
    const client = new Cancellation();
    const large = enter(700, client);
    clock.advance(keepsTurnAfterMs);
    await enter(200);
    const small = enter(200);
    expect(admission.counts).toEqual({ running: 2, queued: 2 });
    client.cancel(new DomainError('CLIENT_CLOSED', 'The client left.'));
    await expect(large).rejects.toMatchObject({ code: 'CLIENT_CLOSED' });
    expect(admission.counts).toEqual({ running: 3, queued: 0 });
    await small;
  });

  it('lets nobody wait that has left before', async () => {
    const { admission, clock } = admissionWith({ running: 1 });
    await admission.enter(deployedFunction(), undefined, neverCancelled);
    const client = new Cancellation();
    client.cancel(new DomainError('CLIENT_CLOSED', 'The client left.'));
    await expect(admission.enter(deployedFunction(), undefined, client)).rejects.toMatchObject({
      code: 'CLIENT_CLOSED',
    });
    expect(admission.counts).toEqual({ running: 1, queued: 0 });
    expect(clock.pendingTimers).toBe(0);
  });

  it('serves the keys of one function in turn', async () => {
    const { admission } = admissionWith({ running: 1 });
    const deployed = deployedFunction();
    const first = await admission.enter(deployed, 'greedy', neverCancelled);
    const order: string[] = [];
    const enter = async (keyId: string) => {
      const place = await admission.enter(deployed, keyId, neverCancelled);
      order.push(keyId);
      place.leave();
    };
    const calls = ['greedy', 'greedy', 'greedy', 'modest'].map(enter);
    first.leave();
    await Promise.all(calls);
    expect(order).toEqual(['greedy', 'modest', 'greedy', 'greedy']);
  });

  it('makes one wait behind those of its own line, and behind no one else', async () => {
    const { admission } = admissionWith({ running: 4, queued: 10 }, { functionPercent: 100, keyPercent: 25 });
    const deployed = deployedFunction();
    const first = await admission.enter(deployed, 'full', neverCancelled);
    void admission.enter(deployed, 'full', neverCancelled);
    await admission.enter(deployed, 'other', neverCancelled);
    expect(admission.counts).toEqual({ running: 2, queued: 1 });
    first.leave();
    expect(admission.counts).toEqual({ running: 2, queued: 0 });
  });

  it('loses no place when the client leaves in the moment it is admitted', async () => {
    const { admission } = admissionWith({ running: 1 });
    const first: Place = await admission.enter(deployedFunction(), undefined, neverCancelled);
    const client = new Cancellation();
    const waiting = admission.enter(deployedFunction(), undefined, client);
    first.leave();
    client.cancel(new DomainError('CLIENT_CLOSED', 'The client left.'));
    await expect(waiting).rejects.toMatchObject({ code: 'CLIENT_CLOSED' });
    expect(admission.counts).toEqual({ running: 0, queued: 0 });
  });
});
