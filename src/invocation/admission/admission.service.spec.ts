import { deployedFunction } from '../../../test/support/builders/deployed-function.js';
import { settingsFor } from '../../../test/support/builders/settings.js';
import { ManualClock } from '../../../test/fakes/manual-clock.js';
import { Cancellation } from '../../common/time/cancellation.js';
import { completeSettings } from '../../functions/settings/default-settings.js';
import { DomainError } from '../../common/errors/domain-error.js';
import { invocationSettings, type InvocationSettings } from '../invocation.settings.js';
import { AdmissionService, type Place } from './admission.service.js';

const neverAborted = new Cancellation();

function admissionWith(changed: Partial<InvocationSettings> = {}) {
  const clock = new ManualClock();
  const admission = new AdmissionService(clock, settingsFor(invocationSettings, changed));
  return { admission, clock };
}

describe('AdmissionService', () => {
  it('admits at once while there are places', async () => {
    const { admission } = admissionWith({ running: 2 });
    await admission.enter(deployedFunction(), neverAborted);
    await admission.enter(deployedFunction(), neverAborted);
    expect(admission.counts).toEqual({ running: 2, queued: 0 });
  });

  it('lets a call wait for a place and gives it the next one', async () => {
    const { admission, clock } = admissionWith({ running: 1 });
    const first = await admission.enter(deployedFunction(), neverAborted);
    const second = admission.enter(deployedFunction(), neverAborted);
    expect(admission.counts).toEqual({ running: 1, queued: 1 });
    first.leave();
    (await second).leave();
    expect(admission.counts).toEqual({ running: 0, queued: 0 });
    expect(clock.pendingTimers).toBe(0);
  });

  it('gives a freed place to the function with the fewest calls running, so a flood starves nobody', async () => {
    const { admission } = admissionWith({ running: 4 });
    const flooded = deployedFunction({ settings: { maxConcurrency: 4 } });
    const places = await Promise.all([1, 2, 3, 4].map(() => admission.enter(flooded, neverAborted)));
    const order: string[] = [];
    const floodWaits = admission.enter(flooded, neverAborted).then(() => order.push('flooded'));
    const quietWaits = admission.enter(deployedFunction(), neverAborted).then(() => order.push('quiet'));
    places[0]!.leave();
    await quietWaits;
    places[1]!.leave();
    await floodWaits;
    expect(order).toEqual(['quiet', 'flooded']);
  });

  it('holds a function to its own limit and names it: 429 is for the caller of that function', async () => {
    const { admission } = admissionWith({ queuedPerFunction: 0 });
    const deployed = deployedFunction({ settings: { maxConcurrency: 1 } });
    await admission.enter(deployed, neverAborted);
    await expect(admission.enter(deployed, neverAborted)).rejects.toMatchObject({
      code: 'CONCURRENCY_LIMIT',
      details: { retryAfterMs: 1000 },
    });
    await admission.enter(deployedFunction(), neverAborted);
  });

  it('holds a warm function to its maximum of containers', async () => {
    const { admission } = admissionWith({ queuedPerFunction: 0 });
    const warm = deployedFunction({ settings: { isolation: 'warm', maxContainers: 1 } });
    await admission.enter(warm, neverAborted);
    await expect(admission.enter(warm, neverAborted)).rejects.toMatchObject({ code: 'CONCURRENCY_LIMIT' });
  });

  it('refuses every call of a function whose limit is 0, at once', async () => {
    const { admission } = admissionWith();
    const closed = deployedFunction({ settings: { maxConcurrency: 0 } });
    await expect(admission.enter(closed, neverAborted)).rejects.toMatchObject({ code: 'CONCURRENCY_LIMIT' });
    expect(admission.counts).toEqual({ running: 0, queued: 0 });
  });

  it('goes by the newest limit, and admits at once whom a raised one lets in', async () => {
    const { admission } = admissionWith();
    const before = deployedFunction({ settings: { maxConcurrency: 1 } });
    const raised = { ...before, settings: completeSettings({ maxConcurrency: 3 }) };
    await admission.enter(before, neverAborted);
    const waiting = admission.enter(before, neverAborted);
    await admission.enter(raised, neverAborted);
    await waiting;
    expect(admission.counts).toEqual({ running: 3, queued: 0 });
    const lowered = { ...before, settings: completeSettings({ maxConcurrency: 2 }) };
    void admission.enter(lowered, neverAborted);
    expect(admission.counts).toEqual({ running: 3, queued: 1 });
  });

  it('refuses at once when the queue of all functions is full', async () => {
    const { admission } = admissionWith({ running: 1, queued: 1 });
    await admission.enter(deployedFunction(), neverAborted);
    void admission.enter(deployedFunction(), neverAborted);
    await expect(admission.enter(deployedFunction(), neverAborted)).rejects.toMatchObject({
      code: 'OVERLOADED',
    });
    expect(admission.counts).toEqual({ running: 1, queued: 1 });
  });

  it('lets nobody wait longer than the limit', async () => {
    const { admission, clock } = admissionWith({ running: 1, queueTimeoutMs: 500 });
    await admission.enter(deployedFunction(), neverAborted);
    const waiting = admission.enter(deployedFunction(), neverAborted);
    clock.advance(500);
    await expect(waiting).rejects.toMatchObject({ code: 'OVERLOADED' });
    expect(admission.counts).toEqual({ running: 1, queued: 0 });
  });

  it('forgets a call whose client leaves while it waits', async () => {
    const { admission, clock } = admissionWith({ running: 1 });
    await admission.enter(deployedFunction(), neverAborted);
    const client = new Cancellation();
    const waiting = admission.enter(deployedFunction(), client);
    client.cancel(new DomainError('CLIENT_CLOSED', 'The client left.'));
    await expect(waiting).rejects.toMatchObject({ code: 'CLIENT_CLOSED' });
    expect(admission.counts).toEqual({ running: 1, queued: 0 });
    expect(clock.pendingTimers).toBe(0);
  });

  it('loses no place when the client leaves in the moment it is admitted', async () => {
    const { admission } = admissionWith({ running: 1 });
    const first: Place = await admission.enter(deployedFunction(), neverAborted);
    const client = new Cancellation();
    const waiting = admission.enter(deployedFunction(), client);
    first.leave();
    client.cancel(new DomainError('CLIENT_CLOSED', 'The client left.'));
    await expect(waiting).rejects.toMatchObject({ code: 'CLIENT_CLOSED' });
    expect(admission.counts).toEqual({ running: 0, queued: 0 });
  });
});
