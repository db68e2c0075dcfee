import { Readable } from 'node:stream';
import { zipOf } from '../../test/support/zip.js';
import { functionsFixture, type FunctionsFixture } from '../../test/support/functions-fixture.js';
import { parseFunctionName } from '../functions/function-name.js';
import type { DeployedFunction } from '../functions/function.js';

const hello = parseFunctionName('hello');
let fixture: FunctionsFixture;

beforeEach(() => {
  fixture = functionsFixture();
});

async function deploy(): Promise<DeployedFunction> {
  const content = Readable.from([zipOf({ 'index.js': '' })]);
  const received = await fixture.deploys.receive('hello.zip', content);
  return (await fixture.deploys.deploy(received, { settings: {}, strict: false })).deployed;
}

const publishedCode = () => fixture.code.directories.size;

/** All microtasks have run. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('deleting', () => {
  it('removes record and code, and tells the sandboxes and the modules above', async () => {
    const deployed = await deploy();
    const seen: DeployedFunction[] = [];
    fixture.events.onDeleted((subject) => seen.push(subject));
    await fixture.deletion.delete(hello);
    expect(fixture.registry.count).toBe(0);
    await expect(fixture.store.list()).resolves.toEqual([]);
    expect(publishedCode()).toBe(0);
    expect(seen.map(({ id }) => id)).toEqual([deployed.id]);
    expect(fixture.sandboxes.forgotten).toEqual(seen);
  });

  it('refuses what does not exist', async () => {
    await expect(fixture.deletion.delete(hello)).rejects.toMatchObject({ code: 'FUNCTION_NOT_FOUND' });
  });

  it('succeeds for exactly one of two at once', async () => {
    await deploy();
    const outcomes = await Promise.allSettled([
      fixture.deletion.delete(hello),
      fixture.deletion.delete(hello),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    expect(outcomes[1]).toMatchObject({ reason: { code: 'FUNCTION_NOT_FOUND' } });
  });

  it('leaves the function as it was when the store refuses', async () => {
    const deployed = await deploy();
    fixture.store.failNext();
    await expect(fixture.deletion.delete(hello)).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
    expect(fixture.registry.list()).toEqual([deployed]);
    expect(fixture.sandboxes.forgotten).toEqual([]);
    expect(publishedCode()).toBe(1);
    fixture.registry.lease(hello).release();
  });

  it('does not wait for calls in flight, and keeps their code until the last has ended', async () => {
    await deploy();
    const [first, second] = [fixture.registry.lease(hello), fixture.registry.lease(hello)];
    await fixture.deletion.delete(hello);
    first.release();
    await settled();
    expect(publishedCode()).toBe(1);
    second.release();
    await settled();
    expect(publishedCode()).toBe(0);
  });

  it('frees the name at once: a new function and calls of the old one do not mix', async () => {
    const old = await deploy();
    const lease = fixture.registry.lease(hello);
    await fixture.deletion.delete(hello);
    const next = await deploy();
    expect(publishedCode()).toBe(2);
    lease.release();
    await settled();
    expect([...fixture.code.directories.keys()]).toEqual([
      fixture.code.directoryOf({ name: hello, versionId: next.version.id }),
    ]);
    expect(old.version.id).not.toBe(next.version.id);
  });

  it('is done although its code cannot be removed, which is tried again every minute', async () => {
    await deploy();
    fixture.code.failNext('remove', new Error('busy'));
    await fixture.deletion.delete(hello);
    expect(publishedCode()).toBe(1);
    fixture.code.failNext('remove', new Error('still busy'));
    fixture.clock.advance(60_000);
    await settled();
    expect(publishedCode()).toBe(1);
    fixture.clock.advance(60_000);
    await settled();
    expect(publishedCode()).toBe(0);
    expect(fixture.clock.pendingTimers).toBe(0);
  });

  it('ends its retries with the server', async () => {
    await deploy();
    fixture.code.failNext('remove', new Error('busy'));
    await fixture.deletion.delete(hello);
    fixture.retiredCode.close();
    expect(fixture.clock.pendingTimers).toBe(0);
  });
});
