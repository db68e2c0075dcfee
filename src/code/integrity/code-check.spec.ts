import { changeOf, deployedFunction, settingsFor } from '../../../test/support/builders/functions.js';
import { functionsFixture, type FunctionsFixture } from '../../../test/support/functions-fixture.js';
import { parseFunctionName } from '../../functions/function-name.js';
import type { DeployedFunction } from '../../functions/function.js';
import { codeSettings } from '../code.settings.js';
import { TreeDigester } from '../thread/tree-digester.js';
import { changeTo } from '../../functions/change-feed.js';
import { batchesOf, CodeCheck } from './code-check.js';

const hourMs = 3_600_000;

/** Trees are what a test says they are; each asked for is noted. */
class ScriptedDigester extends TreeDigester {
  readonly trees = new Map<string, string>();
  readonly asked: string[][] = [];
  before: (signal: AbortSignal) => Promise<void> = () => Promise.resolve();

  override async digest(directories: readonly string[], signal: AbortSignal): Promise<(string | null)[]> {
    this.asked.push([...directories]);
    await this.before(signal);
    return directories.map((directory) => this.trees.get(directory) ?? null);
  }
}

let fixture: FunctionsFixture;
let digester: ScriptedDigester;
let check: CodeCheck;
let broken: string[];

beforeEach(() => {
  begin();
});

afterEach(async () => {
  await check.close();
  expect(fixture.clock.pendingTimers).toBe(0);
});

function begin(checkEveryHours = 24): void {
  fixture = functionsFixture();
  digester = new ScriptedDigester();
  const { store, code, registry, events, clock, log } = fixture;
  const settings = settingsFor(codeSettings, { checkEveryHours, firstCheckMs: 1000 });
  check = new CodeCheck(store, code, digester, registry, events, clock, log, settings);
  broken = [];
  events.onBroken(({ name }) => broken.push(name));
}

const directoryOf = ({ name, version }: DeployedFunction) =>
  fixture.code.directoryOf({ name, versionId: version.id });

/** Code on the disk that gives this digest. */
function putTree(deployed: DeployedFunction, digest: string): void {
  fixture.code.directories.set(directoryOf(deployed), new Map());
  digester.trees.set(directoryOf(deployed), digest);
}

/** A function whose code is as it was published. */
async function published(deployed = deployedFunction()): Promise<DeployedFunction> {
  await fixture.store.insert(deployed);
  fixture.registry.apply(changeTo(deployed));
  putTree(deployed, deployed.version.codeSha256 ?? '');
  return deployed;
}

/** Lets what a timer began run on: its pauses end at once, because no time passes. */
async function afterMs(ms: number): Promise<void> {
  fixture.clock.advance(ms);
  for (let turn = 0; turn < 5; turn += 1) {
    await new Promise((resolve) => setImmediate(resolve));
    fixture.clock.advance(0);
  }
}

async function firstPass(): Promise<void> {
  check.start();
  await afterMs(1000);
}

const isRefused = ({ name }: DeployedFunction): boolean => {
  try {
    fixture.registry.lease(name).release();
    return false;
  } catch {
    return true;
  }
};

describe('the check of published code', () => {
  it('reads everything once the server has started, not before, and again after a day', async () => {
    const hello = await published();
    check.start();
    await afterMs(999);
    expect(digester.asked).toEqual([]);
    await afterMs(1);
    expect(digester.asked).toEqual([[directoryOf(hello)]]);
    await afterMs(24 * hourMs);
    expect(digester.asked).toHaveLength(2);
    expect(isRefused(hello)).toBe(false);
    const said = { versions: 1, broken: 0, withoutDigest: 0 };
    expect(fixture.log.lines.map(({ fields }) => fields)).toEqual([said, said]);
  });

  it('is made after the start only where the setting is 0', async () => {
    begin(0);
    await published();
    await firstPass();
    await afterMs(500 * hourMs);
    expect(digester.asked).toHaveLength(1);
    expect(fixture.clock.pendingTimers).toBe(0);
  });

  it.each([
    ['changed', 'other'],
    ['unreadable', undefined],
  ])('refuses calls of a function whose code is %s, and of no other', async (_, tree) => {
    const [hello, other] = [await published(), await published()];
    if (tree === undefined) digester.trees.delete(directoryOf(hello));
    else digester.trees.set(directoryOf(hello), tree);
    await firstPass();
    expect(isRefused(hello)).toBe(true);
    expect(isRefused(other)).toBe(false);
    expect(broken).toEqual([hello.name]);
    expect(fixture.log.lines).toMatchObject([
      { level: 'error', fields: { function: hello.name, versionId: hello.version.id } },
      { level: 'info', fields: { versions: 2, broken: 1 } },
    ]);
  });

  it('lets calls in again once the code is back as it was', async () => {
    const hello = await published();
    digester.trees.set(directoryOf(hello), 'other');
    await firstPass();
    digester.trees.set(directoryOf(hello), hello.version.codeSha256 ?? '');
    await afterMs(24 * hourMs);
    expect(isRefused(hello)).toBe(false);
    expect(fixture.log.messagesAt('info')).toContain('the code of a version is as it was published again');
  });

  it('marks an earlier version that nobody can go back to, and lets calls of the current one be', async () => {
    const hello = await published();
    const next = { ...hello, revision: 2, version: { ...hello.version, id: 'second', number: 2 } };
    await fixture.store.replace(changeOf(next));
    fixture.registry.apply(changeTo(next));
    putTree(next, hello.version.codeSha256 ?? '');
    digester.trees.set(directoryOf(hello), 'other');
    await firstPass();
    expect(digester.asked).toEqual([[directoryOf(next), directoryOf(hello)]]);
    expect(fixture.registry.isBroken(hello.version.id)).toBe(true);
    expect(isRefused(next)).toBe(false);
    expect(broken).toEqual([]);
  });

  it('refuses calls of a function whose code is gone from the disk', async () => {
    const [hello, other] = [await published(), await published()];
    fixture.code.directories.delete(directoryOf(hello));
    await firstPass();
    expect(digester.asked).toEqual([[directoryOf(other)]]);
    expect([isRefused(hello), isRefused(other)]).toEqual([true, false]);
  });

  it('says nothing of code that went while it was read', async () => {
    const hello = await published();
    digester.before = async () => {
      digester.trees.delete(directoryOf(hello));
      await fixture.deletion.delete(hello.name);
    };
    await firstPass();
    expect(fixture.log.messagesAt('error')).toEqual([]);
    expect(fixture.registry.isBroken(hello.version.id)).toBe(false);
  });

  it('passes over versions from before there were digests', async () => {
    const old = deployedFunction();
    await published({ ...old, version: { ...old.version, codeSha256: null } });
    await firstPass();
    expect(digester.asked).toEqual([]);
    expect(fixture.log.lines).toMatchObject([{ fields: { versions: 1, broken: 0, withoutDigest: 1 } }]);
  });

  it('refuses nobody because something could not be read, and goes on', async () => {
    const many = await Promise.all(Array.from({ length: 129 }, () => published()));
    digester.before = () =>
      digester.asked.length === 1 ? Promise.reject(new Error('EMFILE')) : Promise.resolve();
    await firstPass();
    expect(digester.asked).toHaveLength(2);
    expect(many.some(isRefused)).toBe(false);
    expect(fixture.log.messagesAt('warn')).toEqual(['published code could not be checked']);
    fixture.store.failNext();
    await afterMs(24 * hourMs);
    expect(digester.asked).toHaveLength(2);
    await afterMs(24 * hourMs);
    expect(digester.asked).toHaveLength(4);
  });

  it('rests after each batch for as long as the batch took', async () => {
    await Promise.all(Array.from({ length: 129 }, () => published()));
    digester.before = async () => {
      fixture.clock.advance(700);
    };
    await firstPass();
    expect(digester.asked).toHaveLength(1);
    await afterMs(699);
    expect(digester.asked).toHaveLength(1);
    await afterMs(1);
    expect(digester.asked).toHaveLength(2);
  });

  it('ends with the server, in the middle of a batch or of a rest', async () => {
    await published();
    digester.before = (signal) =>
      new Promise((_, reject) => {
        signal.addEventListener('abort', () => {
          reject(new Error('stopped'));
        });
      });
    await firstPass();
    await check.close();
    expect(fixture.clock.pendingTimers).toBe(0);
    expect(fixture.log.lines).toEqual([]);
  });
});

const name = parseFunctionName('hello');
const versions = (...sizes: number[]) =>
  sizes.map((codeBytes, index) => ({ name, versionId: `v${index}`, codeSha256: 'c', codeBytes }));
const sizesOf = (...sizes: number[]) =>
  [...batchesOf(versions(...sizes))].map((batch) => batch.map(({ codeBytes }) => codeBytes));

const mebibyte = 1024 * 1024;

describe('the disk at boot', () => {
  it('keeps the code that is recorded, loses the rest, and what has lost its code is refused calls', async () => {
    const { store, code, registry, log } = fixture;
    const [whole, lost, unrecorded] = [deployedFunction(), deployedFunction(), deployedFunction()];
    for (const deployed of [whole, lost]) {
      await store.insert(deployed);
      registry.apply(changeTo(deployed));
    }
    const next = { ...whole, revision: 2, version: { ...whole.version, id: 'second', number: 2 } };
    await store.replace(changeOf(next));
    registry.apply(changeTo(next));
    for (const deployed of [whole, next, unrecorded]) {
      code.directories.set(directoryOf(deployed), new Map());
    }
    await check.sweep();
    expect([...code.directories.keys()]).toEqual([whole, next].map(directoryOf));
    expect(isRefused(next)).toBe(false);
    expect(isRefused(lost)).toBe(true);
    expect(log.messagesAt('error')).toHaveLength(1);
  });
});

describe('batches of versions', () => {
  it('keep their order, and hold at most 64 MiB', () => {
    expect(sizesOf(40 * mebibyte, 24 * mebibyte, 1, 2)).toEqual([
      [40 * mebibyte, 24 * mebibyte],
      [1, 2],
    ]);
    expect(sizesOf()).toEqual([]);
  });

  it('let what is larger be one of its own', () => {
    expect(sizesOf(1, 500 * mebibyte, 2)).toEqual([[1], [500 * mebibyte], [2]]);
  });

  it('hold at most 128 versions', () => {
    expect([...batchesOf(versions(...Array<number>(300).fill(1)))].map(({ length }) => length)).toEqual([
      128, 128, 44,
    ]);
  });
});
