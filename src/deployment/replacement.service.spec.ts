import { Readable } from 'node:stream';
import type { ScriptedSandboxes } from '../../test/fakes/scripted-sandboxes.js';
import { zipOf } from '../../test/support/zip.js';
import { functionsFixture, type FunctionsFixture } from '../../test/support/functions-fixture.js';
import { DomainError } from '../common/errors/domain-error.js';
import { parseFunctionName } from '../functions/function-name.js';
import type { DeployedFunction } from '../functions/function.js';

const hello = parseFunctionName('hello');
let fixture: FunctionsFixture;
let sandboxes: ScriptedSandboxes;
let reported: [DeployedFunction, DeployedFunction][];

beforeEach(async () => {
  fixture = functionsFixture();
  sandboxes = fixture.sandboxes;
  reported = [];
  fixture.events.onReplaced((before, after) => reported.push([before, after]));
  const received = await fixture.deploys.receive('hello.zip', Readable.from([zipOf({ 'index.js': '' })]));
  await fixture.deploys.deploy(received, { settings: {}, strict: false });
  sandboxes.prepared.length = 0;
});

const withContainers =
  (maxContainers: number) =>
  (current: DeployedFunction): DeployedFunction => ({
    ...current,
    settings: { ...current.settings, maxContainers },
  });

async function replace(maxContainers: number, mustLoad = false): Promise<DeployedFunction> {
  return (await fixture.replacement.replace(hello, withContainers(maxContainers), { mustLoad })).after;
}

const doesNotLoad = new DomainError('FUNCTION_LOAD_ERROR', 'No handler.', { output: 'printed' });

async function expectUnchanged(before: DeployedFunction): Promise<void> {
  expect(fixture.registry.get(hello)).toEqual(before);
  await expect(fixture.store.list()).resolves.toEqual([before]);
  expect(reported).toEqual([]);
  expect(sandboxes.replaced).toEqual([]);
}

describe('replacing a function', () => {
  it('records the next revision, lets calls find it, and then tells the sandboxes and the modules above', async () => {
    const before = fixture.registry.get(hello);
    const found: number[] = [];
    fixture.events.onReplaced(() => found.push(fixture.registry.get(hello).revision));
    const after = await replace(7);
    expect(after).toEqual({ ...withContainers(7)(before), revision: 2 });
    await expect(fixture.store.list()).resolves.toEqual([after]);
    expect(fixture.registry.lease(hello).deployed).toEqual(after);
    expect(sandboxes.replaced).toEqual([[before, after]]);
    expect(reported).toEqual([[before, after]]);
    expect(found).toEqual([2]);
  });

  it('counts the revision itself, whatever the change says', async () => {
    await fixture.replacement.replace(hello, (current) => ({ ...current, revision: 99 }), {
      mustLoad: false,
    });
    expect(fixture.registry.get(hello).revision).toBe(2);
  });

  it('leaves calls in flight on the revision they found, and counts them all', async () => {
    const [early, late] = [fixture.registry.lease(hello), fixture.registry.lease(hello)];
    fixture.registry.admitted(early);
    await replace(7);
    fixture.registry.admitted(late);
    expect(early.deployed.revision).toBe(1);
    expect(fixture.registry.get(hello).invokeCount).toBe(2);
  });

  it('refuses an unknown function, and a change that refuses', async () => {
    const unknown = parseFunctionName('unknown');
    const replacing = fixture.replacement.replace(unknown, withContainers(1), { mustLoad: false });
    await expect(replacing).rejects.toMatchObject({ code: 'FUNCTION_NOT_FOUND' });
    const before = fixture.registry.get(hello);
    const refusing = fixture.replacement.replace(hello, () => Promise.reject(doesNotLoad), {
      mustLoad: false,
    });
    await expect(refusing).rejects.toBe(doesNotLoad);
    await expectUnchanged(before);
  });

  it('changes nothing when the store refuses, and lets what was prepared go', async () => {
    const before = fixture.registry.get(hello);
    fixture.store.failNext();
    await expect(replace(7)).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
    await expectUnchanged(before);
    expect(sandboxes.abandoned).toEqual(sandboxes.prepared);
    expect(sandboxes.abandoned).toHaveLength(1);
    await expect(replace(8)).resolves.toMatchObject({ revision: 2, settings: { maxContainers: 8 } });
  });
});

describe('what must load', () => {
  it('is refused when it does not, with the reason and what it printed', async () => {
    const before = fixture.registry.get(hello);
    sandboxes.load = () => Promise.reject(doesNotLoad);
    await expect(replace(7, true)).rejects.toMatchObject({
      code: 'CANDIDATE_NOT_LOADABLE',
      message: 'Nothing was changed: the code does not load. No handler.',
      details: { output: 'printed' },
    });
    await expectUnchanged(before);
    expect(sandboxes.abandoned).toMatchObject([{ revision: 2 }]);
  });

  it('is refused as well when nobody can tell, with the fault of the platform', async () => {
    const before = fixture.registry.get(hello);
    sandboxes.load = () => Promise.reject(new DomainError('RUNTIME_UNAVAILABLE', 'No engine.'));
    await expect(replace(7, true)).rejects.toMatchObject({ code: 'RUNTIME_UNAVAILABLE' });
    await expectUnchanged(before);
  });
});

describe('a function that is failing', () => {
  beforeEach(() => {
    fixture.loadOutcomes.tell(fixture.registry.get(hello), { kind: 'fails', reason: 'No handler.' });
  });

  it('is not any more when what replaces it loads', async () => {
    await expect(replace(7, true)).resolves.toMatchObject({ loadFailure: null });
  });

  it('stays so, and what it is, when that does not load either', async () => {
    sandboxes.load = () => Promise.reject(new DomainError('FUNCTION_LOAD_ERROR', 'Another reason.'));
    await expect(replace(7, true)).rejects.toMatchObject({ code: 'CANDIDATE_NOT_LOADABLE' });
    expect(fixture.registry.get(hello)).toMatchObject({ revision: 1, loadFailure: 'No handler.' });
  });
});

describe('what need not load', () => {
  it('is made ready first where the function was ready', async () => {
    const loading = Promise.withResolvers<undefined>();
    sandboxes.load = () => loading.promise;
    const replacing = replace(7);
    await new Promise((resolve) => setImmediate(resolve));
    expect(fixture.registry.get(hello).revision).toBe(1);
    loading.resolve(undefined);
    await replacing;
    expect(sandboxes.prepared).toMatchObject([{ revision: 2 }]);
  });

  it('is not made ready where nothing was', async () => {
    sandboxes.standsReady = false;
    await replace(7);
    expect(sandboxes.prepared).toEqual([]);
  });

  it('is taken although it does not load, with a warning, and is failing from now on', async () => {
    sandboxes.load = () => Promise.reject(doesNotLoad);
    const change = withContainers(7);
    await expect(fixture.replacement.replace(hello, change, { mustLoad: false })).resolves.toMatchObject({
      after: { revision: 2, loadFailure: 'No handler.' },
      warnings: ['The code does not load, so calls will fail. No handler.'],
    });
    await expect(fixture.store.list()).resolves.toMatchObject([{ loadFailure: 'No handler.' }]);
  });

  it('is tried where its predecessor did not load, though nothing stood ready: it may be what fixes it', async () => {
    sandboxes.standsReady = false;
    fixture.loadOutcomes.tell(fixture.registry.get(hello), { kind: 'fails', reason: 'No handler.' });
    sandboxes.load = () => Promise.reject(new DomainError('RUNTIME_UNAVAILABLE', 'No engine.'));
    await expect(replace(7)).resolves.toMatchObject({ loadFailure: 'No handler.' });
    sandboxes.load = async () => undefined;
    await expect(replace(8)).resolves.toMatchObject({ loadFailure: null });
    await expect(fixture.store.list()).resolves.toMatchObject([{ loadFailure: null }]);
  });
});

describe('changes at once', () => {
  it('happen one after the other, each seeing what the one before made', async () => {
    const add = (current: DeployedFunction) => withContainers(current.settings.maxContainers + 1)(current);
    const adding = Array.from({ length: 10 }, () =>
      fixture.replacement.replace(hello, add, { mustLoad: true }),
    );
    const revisions = (await Promise.all(adding)).map(({ after }) => after.revision);
    expect(revisions).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    expect(fixture.registry.get(hello).settings.maxContainers).toBe(14);
  });

  it('and a deletion: what comes after it finds no function', async () => {
    const outcomes = await Promise.allSettled([replace(7), fixture.deletion.delete(hello), replace(8)]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected']);
    expect(outcomes[2]).toMatchObject({ reason: { code: 'FUNCTION_NOT_FOUND' } });
    await expect(fixture.store.list()).resolves.toEqual([]);
    expect(fixture.code.directories.size).toBe(0);
    expect(reported).toHaveLength(1);
  });
});
