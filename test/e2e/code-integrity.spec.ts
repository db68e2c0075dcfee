import { jest } from '@jest/globals';
import { chmod, readdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { handlerZip } from '../support/zip.js';
import { eventually } from '../support/eventually.js';
import { patientlyMs, Served } from '../support/served.js';

jest.setTimeout(patientlyMs);

const says = (word: string) => handlerZip(`() => ${JSON.stringify(word)}`);

let served: Served;

/** The directory of a function's only version. */
async function codeOf(name: string): Promise<string> {
  const ofFunction = join(served.directory, 'functions', name);
  const [version = ''] = await readdir(ofFunction);
  return join(ofFunction, version);
}

const stateOf = async (name: string) => ((await served.info(name)) as { state?: string }).state;

const isBroken = (name: string) =>
  eventually(`${name} to be broken`, async () => (await stateOf(name)) === 'broken');

beforeAll(async () => {
  served = await Served.start();
  for (const name of ['whole', 'changed', 'missing']) await served.deploy(name, says(name));
  await served.stop();
  const file = join(await codeOf('changed'), 'index.js');
  // As root on the machine may, and no container can.
  await chmod(file, 0o644);
  await writeFile(file, 'exports.handler = () => "evil";');
  await rename(await codeOf('missing'), join(served.directory, 'taken-away'));
  served = await Served.start({ GLAMBDAR_CODE_CHECK_AFTER_MS: '0' }, served.directory);
}, patientlyMs);

afterAll(() => served.expectCleanEnd(), patientlyMs);

describe('code that is not on the disk as it was published', () => {
  it('is found after a start, and its calls say so; others are served', async () => {
    expect(await stateOf('missing')).toBe('broken');
    await isBroken('changed');
    for (const name of ['changed', 'missing']) {
      const refused = await served.invoke(name);
      expect(refused.status).toBe(503);
      expect(refused.json).toMatchObject({ code: 'CODE_UNAVAILABLE' });
      expect(refused.text).not.toContain(served.directory);
    }
    expect(await stateOf('whole')).toBe('active');
    expect((await served.invoke('whole')).json).toBe('whole');
    const { functions } = (await served.get('/info')).json as { functions: { state: string }[] };
    expect(functions.map(({ state }) => state)).toEqual(['active', 'broken', 'broken']);
  });

  it('is fixed by publishing it again', async () => {
    for (const name of ['changed', 'missing']) {
      expect((await served.publish(name, says('fixed'))).status).toBe(200);
      expect(await stateOf(name)).toBe('active');
      expect((await served.invoke(name)).json).toBe('fixed');
    }
  });

  it('is never gone back to', async () => {
    const refused = await served.rollBack('changed', 1);
    expect(refused).toMatchObject({ status: 503 });
    expect(refused.json).toMatchObject({ code: 'CODE_UNAVAILABLE' });
    expect((await served.invoke('changed')).json).toBe('fixed');
  });
});
