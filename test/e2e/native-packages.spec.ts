import { jest } from '@jest/globals';
import { craftZip } from '../support/zip.js';
import { packageEntries } from '../support/packages.js';
import { patientlyMs, Served } from '../support/served.js';

jest.setTimeout(patientlyMs);

/** Of what kind each is: what else is built so is expected to work, too. */
const packages: readonly { readonly name: string; readonly kind: string; readonly use: string }[] = [
  {
    name: 'sharp',
    kind: 'C++, with a library of its own beside it',
    use: `const sharp = require('sharp');
      const create = { width: 64, height: 64, channels: 3, background: 'red' };
      return (await sharp(await sharp({ create }).resize(8).webp().toBuffer()).metadata()).format;`,
  },
  {
    name: '@node-rs/argon2',
    kind: 'Rust, by napi-rs',
    use: `const { hash, verify } = require('@node-rs/argon2');
      return verify(await hash('secret'), 'secret');`,
  },
  {
    name: 'bcrypt',
    kind: 'C++, by prebuildify',
    use: `const { hash, compare } = require('bcrypt');
      return compare('secret', await hash('secret', 4));`,
  },
  {
    name: 'classic-level',
    kind: 'a database in files, with locks and threads',
    use: `const { ClassicLevel } = require('classic-level');
      const database = new ClassicLevel('/tmp/database');
      await database.put('key', 'value');
      const value = await database.get('key');
      await database.close();
      return value;`,
  },
  {
    name: '@parcel/watcher',
    kind: 'C++, without the events of the kernel, which a container has not',
    use: `const { writeSnapshot, getEventsSince } = require('@parcel/watcher');
      const way = { backend: 'brute-force' };
      require('node:fs').mkdirSync('/tmp/watched');
      await writeSnapshot('/tmp/watched', '/tmp/snapshot', way);
      require('node:fs').writeFileSync('/tmp/watched/file', '');
      return (await getEventsSince('/tmp/watched', '/tmp/snapshot', way))[0].type;`,
  },
  {
    name: 'esbuild',
    kind: 'a program in Go, as a child process',
    use: `return (await require('esbuild').transform('let x: number = 1', { loader: 'ts' })).code.trim();`,
  },
];

const expected: Readonly<Record<string, unknown>> = {
  sharp: 'webp',
  '@node-rs/argon2': true,
  bcrypt: true,
  'classic-level': 'value',
  '@parcel/watcher': 'create',
  esbuild: 'let x = 1;',
};

let served: Served;
beforeAll(async () => {
  served = await Served.start();
  const uses = packages.map(({ name, use }) => `${JSON.stringify(name)}: async () => {\n${use}\n}`);
  const code = `const uses = {\n${uses.join(',\n')}\n};\nexports.handler = ({ body }) => uses[body]();\n`;
  const zip = craftZip([
    { name: 'index.js', content: code },
    ...packageEntries(packages.map(({ name }) => name)),
  ]);
  await served.deploy('native', zip, { memoryMiB: 256 });
}, patientlyMs);
afterAll(() => served.expectCleanEnd(), patientlyMs);

describe('a package with native code works as npm installs it', () => {
  it.each(packages)('$name ($kind)', async ({ name }) => {
    const answer = await served.invoke('native', name);
    expect([answer.status, answer.json]).toEqual([200, expected[name]]);
  });
});
