import { Readable } from 'node:stream';
import type { CodeStoreStep } from '../../test/fakes/in-memory-code-store.js';
import type { ScriptedSandboxes } from '../../test/fakes/scripted-sandboxes.js';
import { zipOf } from '../../test/support/zip.js';
import { deployedFunction } from '../../test/support/builders/functions.js';
import { functionsFixture, type FunctionsFixture } from '../../test/support/functions-fixture.js';
import type { StagedCode } from '../code/store/code-store.js';
import { DomainError } from '../common/errors/domain-error.js';
import type { ErrorCode } from '../common/errors/error-codes.js';
import { parseFunctionName } from '../functions/function-name.js';
import type { FunctionVersion } from '../functions/function.js';
import { completeSettings, defaultFunctionSettings } from '../functions/settings/default-settings.js';
import { rollbackTarget } from './version.service.js';

const hello = parseFunctionName('hello');
const doesNotLoad = new DomainError('FUNCTION_LOAD_ERROR', 'No handler.', { output: 'printed' });
let fixture: FunctionsFixture;
let sandboxes: ScriptedSandboxes;

beforeEach(() => {
  start();
});

function start(keptVersions = 10): void {
  fixture = functionsFixture(1000, { keptVersions });
  sandboxes = fixture.sandboxes;
}

async function receive(text: string) {
  return fixture.deploys.receiveFor(hello, Readable.from([zipOf({ 'index.js': text })]));
}

const publish = async (text: string, settings: object = {}) =>
  fixture.versions.publish(await receive(text), { settings, strict: false });

/** The numbers of the versions that are kept, the current one first. */
async function numbers(): Promise<number[]> {
  const current = fixture.registry.get(hello).version.number;
  const listed = (await fixture.versions.list(hello)).map(({ version }) => version.number);
  return [current, ...listed.filter((number) => number !== current)];
}

/** All microtasks have run. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

const publishedCode = () => fixture.code.directories.size;

describe('publishing', () => {
  it('makes a function where there is none', async () => {
    const reported: string[] = [];
    fixture.events.onDeployed(({ name }) => reported.push(name));
    const published = await publish('1');
    expect(published).toMatchObject({ isNew: true, changes: [], warnings: [] });
    expect(published.deployed).toMatchObject({ revision: 1, version: { number: 1 } });
    expect(published.deployed.settings).toEqual(defaultFunctionSettings);
    expect(reported).toEqual(['hello']);
  });

  it('keeps who published each version and with which settings, whatever is changed later', async () => {
    await publish('1', { memoryMiB: 256, environment: { A: '1' } });
    await publish('2', { memoryMiB: null, environment: { A: null, B: '2' } });
    await fixture.configs.change(hello, { memoryMiB: 512 });
    await fixture.versions.rollBack(hello, 1);
    const received = await receive('3');
    const by = { keyId: '0123456789ab', mayExceedShares: true };
    await fixture.versions.publish(received, { settings: {}, strict: false, by });
    const [third, second, first] = await fixture.versions.list(hello);
    expect(first).toMatchObject({
      version: { publishedBy: null },
      settings: { memoryMiB: 256, environment: { A: '1' } },
      changes: null,
    });
    expect(second?.changes).toEqual([
      { field: 'environment.A', from: '1', to: null },
      { field: 'environment.B', from: null, to: '2' },
      { field: 'memoryMiB', from: 256, to: 128 },
    ]);
    expect(third).toMatchObject({
      version: { publishedBy: '0123456789ab' },
      settings: { memoryMiB: 512, environment: { B: '2' } },
      changes: [{ field: 'memoryMiB', from: 128, to: 512 }],
    });
  });

  it('takes the folder of an archive as its root where the handler that holds is not named by it', async () => {
    const folder = zipOf({ 'shop/index.js': '1' });
    const publishFolder = async (handler?: string) => {
      const settings = handler === undefined ? {} : { handler };
      const received = await fixture.deploys.receiveFor(hello, Readable.from([folder]));
      return (await fixture.versions.publish(received, { settings, strict: false })).notes;
    };
    const note = 'The folder "shop" of the archive was taken as its root.';
    expect(await publishFolder()).toEqual([note]);
    expect(await publishFolder()).toEqual([note]);
    expect(await publishFolder('shop/index.handler')).toEqual([]);
    expect(await publishFolder()).toEqual([]);
  });

  it('makes the next version of a function that loads, and keeps the one before', async () => {
    const first = (await publish('1')).deployed;
    const second = await publish('2');
    expect(second).toMatchObject({ isNew: false, warnings: [] });
    expect(second.deployed).toMatchObject({ id: first.id, revision: 2, version: { number: 2 } });
    const listed = await fixture.versions.list(hello);
    expect(listed.map(({ version }) => version)).toEqual([second.deployed.version, first.version]);
    expect(publishedCode()).toBe(2);
    expect(fixture.code.staged.size).toBe(0);
  });

  it('keeps the settings, patches those that are sent, and says what has changed', async () => {
    await publish('1', { isolation: 'warm', environment: { A: '1', B: '2' } });
    expect(await publish('2')).toMatchObject({ changes: [], deployed: { settings: { isolation: 'warm' } } });
    const changed = await publish('3', { memoryMiB: 256, isolation: null, environment: { A: null, C: '3' } });
    expect(changed.deployed.settings).toEqual(
      completeSettings({ memoryMiB: 256, environment: { B: '2', C: '3' } }),
    );
    expect(changed.changes).toEqual([
      { field: 'environment.A', from: '1', to: null },
      { field: 'environment.C', from: null, to: '3' },
      { field: 'memoryMiB', from: 128, to: 256 },
      { field: 'isolation', from: 'warm', to: 'fresh' },
      { field: 'maxConcurrency', from: 4, to: 16 },
    ]);
  });

  it('changes no setting with a version that does not load, or with a setting that breaks a rule', async () => {
    await publish('1', { memoryMiB: 256 });
    sandboxes.load = () => Promise.reject(doesNotLoad);
    await expect(publish('2', { memoryMiB: 512 })).rejects.toMatchObject({ code: 'CANDIDATE_NOT_LOADABLE' });
    await expect(publish('2', { tmpMiB: 300 })).rejects.toMatchObject({ code: 'INVALID_SETTINGS' });
    expect(fixture.registry.get(hello)).toMatchObject({ revision: 1, settings: { memoryMiB: 256 } });
    expect(fixture.code.staged.size).toBe(0);
  });

  it('patches what a change before it in the line has made', async () => {
    await publish('1', { environment: { A: '1' } });
    const archive = await receive('2');
    const patching = fixture.configs.change(hello, { environment: { B: '2' }, timeoutSeconds: 5 });
    await fixture.versions.publish(archive, { settings: { environment: { A: '3' } }, strict: false });
    await patching;
    expect(fixture.registry.get(hello).settings).toMatchObject({
      environment: { A: '3', B: '2' },
      timeoutSeconds: 5,
    });
  });

  it('has its code on the disk when it is tried, and its record only after', async () => {
    await publish('1');
    sandboxes.load = async (candidate) => {
      const directory = fixture.code.directoryOf({ name: hello, versionId: candidate.version.id });
      expect(fixture.code.directories.has(directory)).toBe(true);
      expect(await fixture.store.list()).toMatchObject([{ version: { number: 1 } }]);
    };
    await publish('2');
    expect(sandboxes.prepared).toMatchObject([{ revision: 1 }, { revision: 2 }]);
  });

  it('happens one after the other, each with a number of its own', async () => {
    const published = await Promise.all(['1', '2', '3', '4', '5'].map((text) => publish(text)));
    expect(published.filter(({ isNew }) => isNew)).toHaveLength(1);
    expect(published.map(({ deployed }) => deployed.version.number).sort()).toEqual([1, 2, 3, 4, 5]);
    expect((await fixture.store.list())[0]?.version.number).toBe(5);
    expect(publishedCode()).toBe(5);
  });
});

describe('a version that is refused', () => {
  beforeEach(async () => {
    await publish('1');
  });

  async function expectUnchanged(): Promise<void> {
    expect(await numbers()).toEqual([1]);
    expect(fixture.registry.get(hello).revision).toBe(1);
    expect(fixture.code.staged.size).toBe(0);
    expect(publishedCode()).toBe(1);
  }

  it('because it does not load leaves nothing, and the next one gets its number', async () => {
    sandboxes.load = () => Promise.reject(doesNotLoad);
    await expect(publish('2')).rejects.toMatchObject({
      code: 'CANDIDATE_NOT_LOADABLE',
      details: { output: 'printed' },
    });
    await expectUnchanged();
    sandboxes.load = async () => undefined;
    await publish('3');
    expect(await numbers()).toEqual([2, 1]);
  });

  it.each<CodeStoreStep>(['receive', 'unpack', 'publish'])('at %s leaves nothing', async (step) => {
    fixture.code.failNext(step, new Error(`${step} broke`));
    await expect(publish('2')).rejects.toThrow(`${step} broke`);
    await expectUnchanged();
  });

  it('at its record leaves nothing, also of the container that was made ready', async () => {
    sandboxes.load = async () => {
      fixture.store.refuseNextChange();
    };
    await expect(publish('2')).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
    await expectUnchanged();
    expect(sandboxes.abandoned).toMatchObject([{ version: { number: 2 } }]);
  });

  it('because the function was deleted before its turn makes a new one', async () => {
    const { id } = fixture.registry.get(hello);
    const [, published] = await Promise.all([fixture.deletion.delete(hello), publish('2')]);
    expect(published).toMatchObject({ isNew: true, deployed: { version: { number: 1 } } });
    expect(published.deployed.id).not.toBe(id);
    expect(publishedCode()).toBe(1);
  });
});

describe('rolling back', () => {
  beforeEach(async () => {
    for (const text of ['1', '2', '3']) await publish(text);
  });

  it('goes to the version before, and again, and forward again by its number', async () => {
    await expect(fixture.versions.rollBack(hello, undefined)).resolves.toMatchObject({
      deployed: { version: { number: 2 } },
    });
    await expect(fixture.versions.rollBack(hello, undefined)).resolves.toMatchObject({
      deployed: { version: { number: 1 } },
    });
    await expect(fixture.versions.rollBack(hello, 3)).resolves.toMatchObject({
      deployed: { version: { number: 3 } },
    });
    expect(fixture.registry.get(hello).revision).toBe(6);
    expect(await numbers()).toEqual([3, 2, 1]);
  });

  it('gives the next version a number that no other has had', async () => {
    await fixture.versions.rollBack(hello, 1);
    expect((await publish('4')).deployed.version.number).toBe(4);
    await expect(fixture.versions.rollBack(hello, undefined)).resolves.toMatchObject({
      deployed: { version: { number: 3 } },
    });
  });

  it('needs a version that still loads', async () => {
    sandboxes.load = () => Promise.reject(doesNotLoad);
    await expect(fixture.versions.rollBack(hello, 1)).rejects.toMatchObject({
      code: 'CANDIDATE_NOT_LOADABLE',
    });
    expect(await numbers()).toEqual([3, 2, 1]);
  });

  it('refuses a version whose code is not as it was published', async () => {
    const second = (await fixture.versions.list(hello)).find(({ version }) => version.number === 2);
    fixture.registry.markBroken(second!.version.id);
    await expect(fixture.versions.rollBack(hello, 2)).rejects.toMatchObject({ code: 'CODE_UNAVAILABLE' });
    await expect(fixture.versions.rollBack(hello, 1)).resolves.toMatchObject({
      deployed: { version: { number: 1 } },
    });
  });

  it('refuses a version that does not exist, an unknown function, and where nothing is before', async () => {
    await expect(fixture.versions.rollBack(hello, 9)).rejects.toMatchObject({ code: 'VERSION_NOT_FOUND' });
    await fixture.versions.rollBack(hello, 1);
    await expect(fixture.versions.rollBack(hello, undefined)).rejects.toMatchObject({
      code: 'NOTHING_TO_ROLL_BACK',
    });
    const unknown = parseFunctionName('unknown');
    await expect(fixture.versions.rollBack(unknown, 1)).rejects.toMatchObject({ code: 'FUNCTION_NOT_FOUND' });
    await expect(fixture.versions.list(unknown)).rejects.toMatchObject({ code: 'FUNCTION_NOT_FOUND' });
  });
});

describe('old versions', () => {
  beforeEach(async () => {
    start(2);
    for (const text of ['1', '2', '3']) await publish(text);
  });

  it('beyond the number that is kept go, with their code', async () => {
    expect(await numbers()).toEqual([3, 2, 1]);
    await publish('4');
    expect(await numbers()).toEqual([4, 3, 2]);
    expect(publishedCode()).toBe(3);
  });

  it('keep their code until the last call that began with them has ended', async () => {
    await fixture.versions.rollBack(hello, 1);
    const inFlight = fixture.registry.lease(hello);
    await publish('4');
    await publish('5');
    expect(await numbers()).toEqual([5, 4, 3]);
    expect(publishedCode()).toBe(4);
    inFlight.release();
    await settled();
    expect(publishedCode()).toBe(3);
  });

  it('that cannot be forgotten now are seen again with the next version', async () => {
    sandboxes.load = async () => {
      // The record of the new version, and then the list of the old ones.
      const list = fixture.store.versions.bind(fixture.store);
      fixture.store.versions = async (id) => {
        fixture.store.versions = list;
        fixture.store.failNext();
        return list(id);
      };
    };
    await expect(publish('4')).resolves.toMatchObject({ deployed: { version: { number: 4 } } });
    expect(await numbers()).toEqual([4, 3, 2, 1]);
    sandboxes.load = async () => undefined;
    await publish('5');
    expect(await numbers()).toEqual([5, 4, 3]);
    expect(publishedCode()).toBe(3);
  });

  it('go with their function', async () => {
    const inFlight = fixture.registry.lease(hello);
    await publish('4');
    await fixture.deletion.delete(hello);
    expect(publishedCode()).toBe(1);
    inFlight.release();
    await settled();
    expect(publishedCode()).toBe(0);
  });
});

const { version } = deployedFunction();
const numbered = (number: number): FunctionVersion => ({ ...version, id: `v${number}`, number });
const kept = [1, 3, 4].map(numbered);
const target = (current: number, wanted?: number) => rollbackTarget(kept, numbered(current), wanted).number;
const refused = (code: ErrorCode) =>
  expect.objectContaining({ code, details: { field: 'version' } }) as Error;

describe('the version to go back to', () => {
  it('is the newest before the current one, so that each rollback goes one further', () => {
    expect(target(4)).toBe(3);
    expect(target(3)).toBe(1);
  });

  it('is the one that was wanted, also a later one', () => {
    expect(target(4, 1)).toBe(1);
    expect(target(1, 4)).toBe(4);
  });

  it('must be kept', () => {
    expect(() => target(4, 2)).toThrow(refused('VERSION_NOT_FOUND'));
    expect(() => target(4, 5)).toThrow(/no version 5/);
  });

  it('must be another one', () => {
    expect(() => target(4, 4)).toThrow(refused('NOTHING_TO_ROLL_BACK'));
    expect(() => target(1)).toThrow(refused('NOTHING_TO_ROLL_BACK'));
  });
});

describe('publishing code that has to be built', () => {
  const build = {
    id: '3f2c1a9e-5b7d-4c11-9a44-0d6f6b1f5a10',
    state: 'succeeded',
    cached: false,
    seconds: 1,
  } as const;
  const built = (code: StagedCode) => Promise.resolve({ code, build, notes: ['npm chose the versions.'] });

  it('publishes what was built, and says what it was', async () => {
    fixture.builds.work = built;
    await expect(publish('1')).resolves.toMatchObject({ build, notes: ['npm chose the versions.'] });
    expect(fixture.builds.asked[0]).toMatchObject({ functionName: hello, settings: defaultFunctionSettings });
  });

  it('builds for the settings that come with it', async () => {
    await publish('1', { installScripts: true, runtime: 'nodejs22.x' });
    expect(fixture.builds.asked[0]?.settings).toMatchObject({ installScripts: true, runtime: 'nodejs22.x' });
  });

  it('changes nothing where the build fails', async () => {
    await publish('1');
    fixture.builds.work = () => Promise.reject(new DomainError('BUILD_FAILED', 'npm failed.'));
    await expect(publish('2')).rejects.toMatchObject({ code: 'BUILD_FAILED' });
    expect(await numbers()).toEqual([1]);
    expect([publishedCode(), fixture.code.staged.size]).toEqual([1, 0]);
  });

  it('does not bring a function back that was deleted meanwhile, and has its build ended', async () => {
    await publish('1');
    fixture.builds.work = async (code) => {
      await fixture.deletion.delete(hello);
      return built(code);
    };
    await expect(publish('2')).rejects.toMatchObject({ code: 'FUNCTION_NOT_FOUND' });
    expect(fixture.builds.cancelled).toEqual(['hello']);
    expect(fixture.registry.find(hello)).toBeUndefined();
    expect([publishedCode(), fixture.code.staged.size]).toEqual([0, 0]);
  });
});
