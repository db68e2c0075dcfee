import { createHash, randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, renameSync, statSync, writeFileSync, type Dirent } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { handlerZip } from '../support/zip.js';
import { eventually } from '../support/eventually.js';
import { patientlyMs, Served } from '../support/served.js';

/** Answers with a hash of what its top-level code found, so that the value itself is in no answer either. */
const keeperZip = handlerZip(
  '() => ({ body: { seen } })',
  `const seen = require('node:crypto').createHash('sha256').update(process.env.TOKEN ?? 'nothing').digest('hex');`,
);

const hashOf = (text: string) => createHash('sha256').update(text).digest('hex');

let served: Served;
const values: string[] = [];

async function restart(): Promise<void> {
  await served.stop();
  served = await Served.start({}, served.directory);
}

function newValue(): string {
  const value = randomBytes(24).toString('hex');
  values.push(value);
  return value;
}

const put = (value: string) =>
  served.send('PUT', '/secrets/keeper/TOKEN', {
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ value }),
  });

const seen = async () => (await served.invoke('keeper')).json as { seen?: string; code?: string };

/** Every file that the server keeps, as one text. What goes while it is read, as a container's files do, is left out. */
async function filesOf(directory: string): Promise<string> {
  const entries = await readdir(directory, { withFileTypes: true }).catch(unlessGone<Dirent[]>([]));
  const texts = await Promise.all(
    entries.map(async (entry) => {
      const path = join(directory, entry.name);
      if (entry.isDirectory()) return filesOf(path);
      return entry.isFile() ? readFile(path, 'latin1').catch(unlessGone('')) : '';
    }),
  );
  return texts.join('\n');
}

function unlessGone<T>(instead: T): (error: NodeJS.ErrnoException) => T {
  return (error) => {
    if (error.code === 'ENOENT') return instead;
    throw error;
  };
}

/** The engine's record of every container; one that has just been used may be gone before it is asked for. */
async function inspected(): Promise<string> {
  return eventually('a container that waits', async () => {
    const records = await served.records();
    return records.length > 0 && records.join('\n');
  });
}

beforeAll(async () => {
  served = await Served.start();
  await served.deploy('keeper', keeperZip, { minContainers: 1 });
  await served.deploy('other', handlerZip('() => "fine"'));
}, patientlyMs);
afterAll(() => served.expectCleanEnd(), patientlyMs);

describe('secrets', () => {
  it(
    'are there for the top-level code of every call that begins after they were set',
    async () => {
      await expect(seen()).resolves.toEqual({ seen: hashOf('nothing') });
      for (const value of [newValue(), newValue()]) {
        expect((await put(value)).status).toBe(200);
        await expect(seen()).resolves.toEqual({ seen: hashOf(value) });
      }
    },
    patientlyMs,
  );

  it(
    'stand in no log, no file and no configuration of a container',
    async () => {
      const places = {
        log: JSON.stringify(served.log),
        files: await filesOf(served.directory),
        containers: await inspected(),
        list: (await served.get('/secrets/keeper')).text,
      };
      // The places are the right ones: what may stand there does.
      expect(places.log).toContain('keeper/TOKEN');
      expect(places.files).toContain('"key":"TOKEN"');
      expect(places.containers).toContain('GLAMBDAR_TOKEN');
      expect(places.list).toContain('TOKEN');
      for (const value of values) {
        for (const form of [
          value,
          Buffer.from(value).toString('base64'),
          Buffer.from(value).toString('hex'),
        ]) {
          for (const [place, content] of Object.entries(places)) {
            expect(`${place}: ${content.includes(form)}`).toBe(`${place}: false`);
          }
        }
      }
    },
    patientlyMs,
  );

  it(
    'outlive a restart, a lost master key that comes back, and its replacement',
    async () => {
      const keyFile = join(served.directory, 'secrets.key');
      expect(statSync(keyFile).mode & 0o777).toBe(0o600);
      renameSync(keyFile, `${keyFile}.away`);
      await restart();
      await served.logged(
        'secrets cannot be read, so their functions cannot be called: put the master key back and start again, or delete the secrets and set them again',
      );
      await expect(seen()).resolves.toMatchObject({ code: 'SECRETS_UNAVAILABLE', status: 503 });
      expect((await put('another')).json).toMatchObject({ code: 'SECRETS_UNAVAILABLE' });
      expect((await served.invoke('other')).status).toBe(200);
      expect(readdirSync(served.directory)).not.toContain('secrets.key');

      const old = readFileSync(`${keyFile}.away`, 'utf8');
      const next = randomBytes(32).toString('hex');
      writeFileSync(keyFile, `${next}\n${old}`, { mode: 0o600 });
      await restart();
      await served.logged('encrypted all secrets again with the first master key; no other key is needed');
      writeFileSync(keyFile, next);
      await restart();
      await expect(seen()).resolves.toEqual({ seen: hashOf(values.at(-1) ?? '') });
    },
    patientlyMs,
  );
});
