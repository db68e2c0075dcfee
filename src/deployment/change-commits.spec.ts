import { isDeepStrictEqual } from 'node:util';
import { Readable } from 'node:stream';
import { zipOf } from '../../test/support/zip.js';
import { changeOf } from '../../test/support/builders/functions.js';
import { until } from '../../test/support/eventually.js';
import { functionsFixture, type FunctionsFixture } from '../../test/support/functions-fixture.js';
import type { LostAnswer } from '../../test/fakes/in-memory-function-store.js';
import { parseFunctionName } from '../functions/function-name.js';
import { parseSecretKey } from '../functions/sealed-secret.js';

const hello = parseFunctionName('hello');
const answerWithinMs = 10_000;
const key = parseSecretKey('API_TOKEN');
let fixture: FunctionsFixture;

const archive = async (text: string) =>
  fixture.deploys.receiveFor(hello, Readable.from([zipOf({ 'index.js': text })]));

const deploy = async () => fixture.deploys.deploy(await archive('first'), { settings: {}, strict: false });

const publish = async (text: string) =>
  fixture.versions.publish(await archive(text), { settings: {}, strict: false });

/** What the disk holds, by the ids of versions. */
const codeOnDisk = () => [...fixture.code.directories.keys()].map((path) => path.split('/').at(-1)).sort();

async function recordedVersions(): Promise<string[]> {
  return (await fixture.store.recordedVersions()).map(({ versionId }) => versionId).sort();
}

/** Until so many timers run: two while a client waits and the store is asked again, one when the client has its answer. */
const timers = (count: number) => until(() => fixture.clock.pendingTimers === count);

/** Each way to change a function, from a function with two versions. */
const changes: Readonly<Record<string, () => Promise<unknown>>> = {
  publish: () => publish('third'),
  'roll back': () => fixture.versions.rollBack(hello, 1),
  configure: () => fixture.configs.change(hello, { maxContainers: 7 }),
  'set a secret': () => fixture.secrets.put(hello, key, 'hush'),
  delete: () => fixture.deletion.delete(hello),
};

beforeEach(() => {
  fixture = functionsFixture(1000, { keptVersions: 1 });
});

/** Whatever was answered: this server, the store and the disk agree. */
async function expectAgreement(): Promise<void> {
  expect(fixture.registry.list()).toEqual(await fixture.store.list());
  expect(codeOnDisk()).toEqual(await recordedVersions());
  expect(fixture.clock.pendingTimers).toBe(0);
}

describe.each(Object.entries(changes))('when the answer to the commit is lost: %s', (what, change) => {
  beforeEach(async () => {
    await deploy();
    await publish('second');
  });

  it('is answered as done where the store has it', async () => {
    fixture.store.loseNextAnswer('after');
    await change();
    expect(fixture.registry.find(hello)?.revision).toBe(what === 'delete' ? undefined : 3);
    await expectAgreement();
  });

  it('is answered as failed, with nothing changed, where the store has it not', async () => {
    const before = fixture.registry.get(hello);
    fixture.store.loseNextAnswer('before');
    await expect(change()).rejects.toMatchObject({
      code: 'STORAGE_UNAVAILABLE',
      message: expect.stringContaining('nothing was changed') as string,
    });
    expect(fixture.registry.get(hello)).toEqual(before);
    await expectAgreement();
  });

  it.each<LostAnswer>(['before', 'after'])(
    'loses no code while nobody can tell, and then follows the truth (lost %s the change)',
    async (when) => {
      fixture.store.loseNextAnswer(when);
      fixture.store.setUnreadable(true);
      const recorded = await recordedVersions();
      const outcome = change().then(
        () => 'done',
        () => 'failed',
      );
      await timers(2);
      fixture.clock.advance(answerWithinMs / 2);
      await timers(2);
      expect(codeOnDisk()).toEqual(expect.arrayContaining(recorded));
      expect(codeOnDisk().length).toBe(what === 'publish' ? 3 : 2);
      fixture.store.setUnreadable(false);
      fixture.clock.advance(answerWithinMs / 4);
      await expect(outcome).resolves.toBe(when === 'after' ? 'done' : 'failed');
      await expectAgreement();
    },
  );

  it.each<LostAnswer>(['before', 'after'])(
    'says to the client that nobody knows, and settles it later (lost %s the change)',
    async (when) => {
      fixture.store.loseNextAnswer(when);
      fixture.store.setUnreadable(true);
      const before = codeOnDisk();
      const refused = expect(change()).rejects.toMatchObject({
        code: 'STORAGE_UNAVAILABLE',
        message: expect.stringContaining('Look at the function before you send it again') as string,
      });
      await timers(2);
      fixture.clock.advance(answerWithinMs);
      await refused;
      await timers(1);
      expect(codeOnDisk()).toEqual(expect.arrayContaining(before));
      fixture.store.setUnreadable(false);
      fixture.clock.advance(answerWithinMs);
      await timers(0);
      await until(async () => isDeepStrictEqual(codeOnDisk(), await recordedVersions()));
      await expectAgreement();
    },
  );

  it('leaves the code to the next start when the server stops before anybody knows', async () => {
    fixture.store.loseNextAnswer('after');
    fixture.store.setUnreadable(true);
    const before = codeOnDisk();
    const refused = expect(change()).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
    await timers(2);
    fixture.clock.advance(answerWithinMs);
    await refused;
    await timers(1);
    fixture.commits.close();
    fixture.store.setUnreadable(false);
    fixture.clock.advance(answerWithinMs);
    expect(codeOnDisk()).toEqual(expect.arrayContaining(before));
    expect(fixture.clock.pendingTimers).toBe(0);
  });
});

describe('a first deployment whose answer is lost', () => {
  it.each<LostAnswer>(['before', 'after'])('follows the truth (lost %s the change)', async (when) => {
    fixture.store.loseNextAnswer(when);
    if (when === 'after') await expect(deploy()).resolves.toMatchObject({ deployed: { revision: 1 } });
    else await expect(deploy()).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
    expect(codeOnDisk()).toHaveLength(when === 'after' ? 1 : 0);
    await expectAgreement();
  });

  it('keeps its code, and its name from others, while nobody can tell', async () => {
    fixture.store.loseNextAnswer('after');
    fixture.store.setUnreadable(true);
    const refused = expect(deploy()).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
    await timers(2);
    fixture.clock.advance(answerWithinMs);
    await refused;
    await timers(1);
    expect(codeOnDisk()).toHaveLength(1);
    await expect(deploy()).rejects.toMatchObject({ code: 'FUNCTION_EXISTS' });
    expect(codeOnDisk()).toHaveLength(1);
    fixture.store.setUnreadable(false);
    fixture.clock.advance(answerWithinMs);
    await until(() => fixture.registry.find(hello) !== undefined);
    expect(fixture.registry.find(hello)?.revision).toBe(1);
    await expectAgreement();
  });
});

describe('a change that another server was faster with', () => {
  beforeEach(async () => {
    await deploy();
    await publish('second');
  });

  it.each(Object.entries(changes))('is made of what that one has left: %s', async (what, change) => {
    const before = fixture.registry.get(hello);
    const byOther = { ...before, revision: 3, settings: { ...before.settings, timeoutSeconds: 77 } };
    await fixture.store.replace(changeOf(byOther));
    await change();
    const after = fixture.registry.find(hello);
    expect(after?.revision).toBe(what === 'delete' ? undefined : 4);
    await expectAgreement();
  });

  it('finds no function where that one has deleted it, and leaves no code', async () => {
    await fixture.store.remove(fixture.registry.get(hello));
    await expect(changes['configure']!()).rejects.toMatchObject({ code: 'FUNCTION_NOT_FOUND' });
    expect(fixture.registry.find(hello)).toBeUndefined();
    expect(fixture.sandboxes.forgotten).toMatchObject([{ revision: 2 }]);
  });

  it('gives up, and leaves nothing, when others are faster again and again', async () => {
    fixture.sandboxes.load = async (candidate) => {
      await fixture.store.replace(changeOf({ ...candidate, version: fixture.registry.get(hello).version }));
    };
    const before = codeOnDisk();
    await expect(publish('third')).rejects.toMatchObject({ code: 'OVERLOADED' });
    expect(codeOnDisk()).toEqual(before);
    await expectAgreement();
  });
});
