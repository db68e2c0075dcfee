import { deployedFunction, sealedSecret } from '../../../test/support/builders/functions.js';
import type { ChosenSettings, DeployedFunction } from '../../functions/function.js';
import { completeSettings } from '../../functions/settings/default-settings.js';
import { haveSameSandboxes, PoolKeys } from './revisions.js';

const before = deployedFunction();
const after = (fields: Partial<DeployedFunction>): DeployedFunction => ({
  ...before,
  revision: 2,
  ...fields,
});
const choosing = (chosen: ChosenSettings) => after({ settings: completeSettings(chosen) });

describe('two revisions of a function', () => {
  it.each([
    { description: 'another' },
    { access: 'public' },
    { rateLimit: { total: 1 } },
    { cors: { origins: ['*'] } },
    { hosts: ['shop.example.com'] },
    { retry: { maxAttempts: 1 } },
    { onSuccess: 'after', onFailure: 'after' },
    { maxQueuedEvents: 1 },
    { idempotency: true },
    { schedules: { often: { every: '1m' } } },
  ] satisfies ChosenSettings[])('are the same to a container with %j', (chosen: ChosenSettings) => {
    expect(haveSameSandboxes(before, choosing(chosen))).toBe(true);
  });

  it.each([
    { runtime: 'nodejs22.x' },
    { handler: 'other.handler' },
    { environment: { A: '1' } },
    { responseFormat: 'lambda' },
    { memoryMiB: 256 },
    { cpuMillis: 500 },
    { tmpMiB: 16 },
    { isolation: 'warm' },
    { sandbox: 'gvisor' },
    { egress: ['public'] },
  ] satisfies ChosenSettings[])('are not with %j', (chosen: ChosenSettings) => {
    expect(haveSameSandboxes(before, choosing(chosen))).toBe(false);
  });

  it('are not with other code, other secrets, or of another function', () => {
    expect(haveSameSandboxes(before, after({ version: { ...before.version, id: 'other' } }))).toBe(false);
    expect(haveSameSandboxes(before, after({ secrets: [sealedSecret()] }))).toBe(false);
    expect(haveSameSandboxes(before, after({ id: 'other' }))).toBe(false);
  });
});

describe('the keys of pools', () => {
  const revision = (number: number) => after({ revision: number });

  it('are shared by the revisions that were said to be the same, and no other', () => {
    const keys = new PoolKeys();
    keys.share(revision(2), revision(3));
    keys.share(revision(3), revision(4));
    expect([1, 2, 3, 4, 5].map((number) => keys.of(revision(number)))).toEqual(
      [1, 2, 2, 2, 5].map((number) => `${before.id}/${number}`),
    );
  });

  it('are shared anew after a revision of its own', () => {
    const keys = new PoolKeys();
    keys.share(revision(2), revision(3));
    keys.share(revision(4), revision(5));
    expect([3, 5].map((number) => keys.of(revision(number)))).toEqual([`${before.id}/3`, `${before.id}/4`]);
  });

  it('are their own again once there is no pool', () => {
    const keys = new PoolKeys();
    keys.share(revision(2), revision(3));
    keys.forget(() => true);
    expect(keys.of(revision(3))).toBe(`${before.id}/2`);
    keys.forget(() => false);
    expect(keys.of(revision(3))).toBe(`${before.id}/3`);
  });
});
