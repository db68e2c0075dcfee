import { Readable } from 'node:stream';
import type { CodeStoreStep } from '../../test/fakes/in-memory-code-store.js';
import { zipOf } from '../../test/support/zip.js';
import { deployedFunction } from '../../test/support/builders/functions.js';
import { functionsFixture, type FunctionsFixture } from '../../test/support/functions-fixture.js';
import { DomainError } from '../common/errors/domain-error.js';
import { parseFunctionName } from '../functions/function-name.js';
import type { DeployOptions } from './deploy.service.js';

const hello = parseFunctionName('hello');
const archive = zipOf({ 'index.js': 'exports.handler = () => 1' });
const doesNotLoad = new DomainError('FUNCTION_LOAD_ERROR', 'It did not load: broken', {
  errorType: 'TypeError',
  errorMessage: 'broken',
});
const plain: DeployOptions = { settings: {}, strict: false };
let fixture: FunctionsFixture;

beforeEach(() => {
  fixture = functionsFixture();
});

async function deploy(fileName = 'hello.zip', content = archive) {
  const received = await fixture.deploys.receive(fileName, Readable.from([content]));
  return fixture.deploys.deploy(received, plain);
}

async function expectNothingLeft(): Promise<void> {
  const { code, store, registry } = fixture;
  expect([...code.staged]).toEqual([]);
  expect([...code.directories.keys()]).toEqual([]);
  await expect(store.list()).resolves.toEqual([]);
  expect(registry.count).toBe(0);
  expect(() => {
    registry.requireFree(hello);
  }).not.toThrow();
}

describe('deploying', () => {
  it('publishes the code, records the function and makes it callable', async () => {
    const { deployed, warnings } = await deploy();
    expect(warnings).toEqual([]);
    expect(deployed).toMatchObject({ name: 'hello', invokeCount: 0, version: { number: 1, fileCount: 1 } });
    expect(fixture.registry.list()).toEqual([deployed]);
    await expect(fixture.store.list()).resolves.toEqual([deployed]);
    const published = fixture.code.directoryOf({ name: hello, versionId: deployed.version.id });
    expect([...fixture.code.directories.keys()]).toEqual([published]);
    expect([...fixture.code.staged]).toEqual([]);
  });

  it('tells the modules above, when the function can be called already', async () => {
    const seen: unknown[] = [];
    fixture.events.onDeployed(({ name }) => seen.push(fixture.registry.find(name)));
    const { deployed } = await deploy();
    expect(seen).toEqual([deployed]);
  });

  const checked = (load: () => Promise<void>) => {
    const { sandboxes } = fixture;
    sandboxes.load = load;
    return sandboxes;
  };

  it('tries the code out, once, when it is recorded', async () => {
    let recorded: unknown;
    const sandboxes = checked(async () => {
      recorded = await fixture.store.list();
    });
    const { deployed, warnings } = await deploy();
    expect([recorded, sandboxes.prepared, warnings]).toEqual([[deployed], [deployed], []]);
  });

  it('warns of code that does not load, and remembers why, on the disk too', async () => {
    checked(() => Promise.reject(doesNotLoad));
    await expect(deploy()).resolves.toMatchObject({
      warnings: ['The code does not load, so calls will fail. TypeError: broken'],
    });
    expect(fixture.registry.get(hello).loadFailure).toBe('TypeError: broken');
    await expect(fixture.store.list()).resolves.toMatchObject([{ loadFailure: 'TypeError: broken' }]);
  });

  it.each([
    [new DomainError('RUNTIME_UNAVAILABLE', 'No engine.'), 'No engine.'],
    [new Error('bug'), 'The server failed; its log says more.'],
  ])('stays deployed, with a warning, when nobody can tell whether it loads: %s', async (error, why) => {
    checked(() => Promise.reject(error));
    await expect(deploy()).resolves.toMatchObject({
      warnings: [`Whether the code loads could not be checked. ${why}`],
    });
    expect(fixture.registry.get(hello).loadFailure).toBeNull();
  });

  describe('that is strict', () => {
    const strictly = async () => {
      const received = await fixture.deploys.receive('hello.zip', Readable.from([archive]));
      return fixture.deploys.deploy(received, { settings: {}, strict: true });
    };

    it('tries the code out, once, before it is recorded', async () => {
      let recorded: unknown;
      const sandboxes = checked(async () => {
        recorded = await fixture.store.list();
      });
      const { deployed, warnings } = await strictly();
      expect([recorded, sandboxes.prepared, warnings]).toEqual([[], [deployed], []]);
      await expect(fixture.store.list()).resolves.toEqual([deployed]);
    });

    it.each([
      [doesNotLoad, 'CANDIDATE_NOT_LOADABLE'],
      [new DomainError('RUNTIME_UNAVAILABLE', 'No engine.'), 'RUNTIME_UNAVAILABLE'],
    ])('is refused, and nothing stays, with %s', async (error, code) => {
      const sandboxes = checked(() => Promise.reject(error));
      await expect(strictly()).rejects.toMatchObject({ code });
      await expectNothingLeft();
      expect(sandboxes.abandoned).toHaveLength(1);
    });

    it('gives up what was made ready when it cannot be recorded', async () => {
      const sandboxes = checked(async () => undefined);
      fixture.store.failNext();
      await expect(strictly()).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
      await expectNothingLeft();
      expect(sandboxes.abandoned).toEqual(sandboxes.prepared);
    });

    it('keeps its name from others while it is tried out', async () => {
      const loading = Promise.withResolvers<undefined>();
      const begun = Promise.withResolvers<undefined>();
      checked(() => {
        begun.resolve(undefined);
        return loading.promise;
      });
      const first = strictly();
      await begun.promise;
      await expect(deploy()).rejects.toMatchObject({
        code: 'FUNCTION_EXISTS',
        message: expect.stringMatching(/is being deployed at this moment.*PUT \/deploy\/hello/) as string,
      });
      loading.resolve(undefined);
      await first;
    });
  });

  it('gives a function that was deleted and deployed again new ids and new counts', async () => {
    const first = (await deploy()).deployed;
    fixture.registry.admitted(fixture.registry.lease(hello));
    await fixture.deletion.delete(hello);
    const second = (await deploy()).deployed;
    expect(second.id).not.toBe(first.id);
    expect(second.version.id).not.toBe(first.version.id);
    expect(fixture.registry.get(hello).invokeCount).toBe(0);
  });
});

/** Whoever is told to delete a function loses its settings, secrets and logs. */
const existsAlready =
  'A function named "hello" exists already. To deploy new code for it, send the form to PUT /deploy/hello, which keeps ' +
  'its settings, secrets and logs; for another function, give the file another name.';

describe('a name that is taken', () => {
  it('is refused before a byte of the upload is read, and nothing changes', async () => {
    const { deployed } = await deploy();
    const content = Readable.from([archive]);
    await expect(fixture.deploys.receive('hello.zip', content)).rejects.toMatchObject({
      code: 'FUNCTION_EXISTS',
      message: existsAlready,
    });
    expect(content.readableDidRead).toBe(false);
    expect(fixture.registry.list()).toEqual([deployed]);
  });

  it('goes to exactly one of several deployments at once, and only its code stays', async () => {
    const contents = Array.from({ length: 5 }, (_, i) =>
      zipOf({ 'index.js': `exports.handler = () => ${i}` }),
    );
    const outcomes = await Promise.allSettled(contents.map((content) => deploy('hello.zip', content)));
    const winners = outcomes.filter((outcome) => outcome.status === 'fulfilled');
    const losers = outcomes.filter((outcome) => outcome.status === 'rejected');
    expect(winners).toHaveLength(1);
    expect(losers.map(({ reason }) => (reason as { code: string }).code)).toEqual(
      Array(4).fill('FUNCTION_EXISTS'),
    );
    expect(fixture.registry.list()).toEqual([winners[0]!.value.deployed]);
    expect(fixture.code.directories.size).toBe(1);
    expect(fixture.code.staged.size).toBe(0);
  });

  it('is refused by the store as well, and what was published goes again', async () => {
    await fixture.store.insert(deployedFunction({ name: 'hello' }));
    await expect(deploy()).rejects.toMatchObject({ code: 'FUNCTION_EXISTS' });
    expect(fixture.code.directories.size).toBe(0);
    expect(fixture.registry.count).toBe(0);
  });

  it('is not blocked by an archive that is refused', async () => {
    await expect(deploy('hello.zip', Buffer.from('no zip'))).rejects.toMatchObject({
      code: 'INVALID_ARCHIVE',
    });
    await expectNothingLeft();
    await deploy();
  });
});

describe('a deployment that fails', () => {
  it.each<CodeStoreStep>(['beginUpload', 'receive', 'unpack', 'publish'])(
    'at %s leaves nothing',
    async (step) => {
      fixture.code.failNext(step, new Error(`${step} broke`));
      await expect(deploy()).rejects.toThrow(`${step} broke`);
      await expectNothingLeft();
      await deploy();
    },
  );

  it('at its record leaves nothing', async () => {
    fixture.store.failNext();
    await expect(deploy()).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
    await expectNothingLeft();
    await deploy();
  });

  it('at its record, and again at the removal of its code, tries the removal again', async () => {
    fixture.store.failNext();
    fixture.code.failNext('remove', new Error('busy'));
    await expect(deploy()).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
    expect(fixture.code.directories.size).toBe(1);
    fixture.clock.advance(60_000);
    await expectNothingLeft();
    expect(fixture.clock.pendingTimers).toBe(0);
  });

  it('because the client left during the upload leaves nothing', async () => {
    const content = new Readable({ read: () => undefined });
    content.push(archive.subarray(0, 10));
    const receiving = fixture.deploys.receive('hello.zip', content);
    content.destroy(new Error('aborted'));
    await expect(receiving).rejects.toMatchObject({ code: 'CLIENT_CLOSED' });
    await expectNothingLeft();
  });

  it('because the server is full of functions leaves nothing', async () => {
    fixture = functionsFixture(0);
    await expect(deploy()).rejects.toMatchObject({ code: 'INSUFFICIENT_STORAGE' });
    await expectNothingLeft();
  });

  it('is still answered when what was staged cannot be removed', async () => {
    const received = await fixture.deploys.receive('hello.zip', Readable.from([archive]));
    received.upload.discard = () => Promise.reject(new Error('busy'));
    await expect(fixture.deploys.deploy(received, plain)).resolves.toMatchObject({
      warnings: [],
    });
    expect(fixture.log.messagesAt('warn')).toHaveLength(1);
  });
});

describe("the upload's file name", () => {
  it.each([
    '.zip',
    '..',
    '../hello.zip',
    '/etc/hello.zip',
    'C:\\hello.zip',
    'a b.zip',
    'hello.zip\n',
    'h\u00e9llo.zip',
    '',
  ])('is refused when no function may be called that: %j', async (fileName) => {
    await expect(deploy(fileName)).rejects.toMatchObject({ code: 'INVALID_NAME' });
    await expectNothingLeft();
  });

  it.each(['hello.zip', 'hello.ZIP', 'hello'])('gives the name without its ending: %s', async (fileName) => {
    await expect(deploy(fileName)).resolves.toMatchObject({ deployed: { name: 'hello' } });
  });
});
