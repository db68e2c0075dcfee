import { jest } from '@jest/globals';
import { execFile } from 'node:child_process';
import { chmod, cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { craftZip, zipOf, type CraftedEntry } from '../support/zip.js';
import { patientlyMs, Served } from '../support/served.js';

jest.setTimeout(patientlyMs);

const run = promisify(execFile);
const project = fileURLToPath(new URL('../../', import.meta.url));

let served: Served;
let directory: string;
beforeAll(async () => {
  served = await Served.start();
  directory = await mkdtemp(join(tmpdir(), 'gl-'));
}, patientlyMs);
afterAll(async () => {
  await rm(directory, { recursive: true });
  await served.expectCleanEnd();
}, patientlyMs);

interface Deployed {
  readonly warnings?: readonly string[];
  readonly notes?: readonly string[];
}

const note = 'The folder "shop" of the archive was taken as its root.';

describe('the zip of a folder', () => {
  const entries: CraftedEntry[] = [
    { name: 'shop/' },
    {
      name: 'shop/index.js',
      content: `const { readdirSync, readFileSync } = require('node:fs');
        exports.handler = () => [process.cwd(), readdirSync('.'), readFileSync('data/a.txt', 'utf8')];`,
    },
    { name: 'shop/data/a.txt', content: 'found' },
    { name: 'shop/.DS_Store', content: 'x' },
    { name: '__MACOSX/shop/._index.js', content: 'x' },
  ];
  const answer = ['/glambdar/code', ['data', 'index.js'], 'found'];

  it('is a function, and the answer says what is its root; so does that to the next version', async () => {
    const deployed = (await served.deploy('shop', craftZip(entries))).json as Deployed;
    expect([deployed.notes, deployed.warnings]).toEqual([[note], undefined]);
    expect((await served.invoke('shop')).json).toEqual(answer);
    expect((await served.publish('shop', craftZip(entries))).json).toMatchObject({
      version: 2,
      notes: [note],
    });
    expect((await served.invoke('shop')).json).toEqual(answer);
  });

  it('stays as it is where the handler names the folder', async () => {
    const zip = zipOf({ 'shop/index.js': 'exports.handler = () => __filename;' });
    const { json } = await served.deploy('named', zip, { handler: 'shop/index.handler' });
    expect(json).not.toHaveProperty('notes');
    expect((await served.invoke('named')).json).toBe('/glambdar/code/shop/index.js');
  });

  it('may have no links out of it', async () => {
    const link = { name: 'shop/link.js', content: '../shop/index.js', mode: 0o120777 };
    const refused = await served.upload('linked.zip', craftZip([...entries, link]));
    expect([refused.status, refused.json]).toEqual([400, expect.objectContaining({ reason: 'unsafe_link' })]);
  });
});

it('names in the code page of old Windows tools are read as the format says, and the answer says so', async () => {
  const zip = craftZip([
    {
      name: 'index.js',
      content: "exports.handler = () => require('node:fs').readFileSync('grüße.txt', 'utf8');",
    },
    { name: Buffer.from('gr\x81\xe1e.txt', 'latin1'), content: 'Hallo', host: 0, mode: 0 },
  ]);
  const { notes } = (await served.deploy('windows', zip)).json as Deployed;
  expect(notes).toEqual([expect.stringContaining('"grüße.txt"') as string]);
  expect((await served.invoke('windows')).json).toBe('Hallo');
});

describe('code that does not load says what is there and what to change, to the deployer and to callers:', () => {
  it.each([
    [
      'exported-function',
      { 'index.js': 'module.exports = async () => 1;' },
      'Write `exports.handler = …` in place of `module.exports = …`. It exports one function by itself. ' +
        'The archive contains: index.js.',
    ],
    [
      'default-export',
      { 'index.mjs': 'export default async () => 1;' },
      'set `handler` to "index.default". It exports: default (function). The archive contains: index.mjs.',
    ],
    [
      'misspelt',
      { 'index.js': 'exports.handlr = async () => 1;' },
      'Rename handlr to handler, or set `handler` to "index.handlr". It exports: handlr (function). ' +
        'The archive contains: index.js.',
    ],
    [
      'in-a-folder',
      { 'app/index.js': 'exports.handler = async () => 1;', 'README.md': '' },
      'Put index.js there, or set `handler` to "app/index.handler". The archive contains: README.md, app/index.js.',
    ],
    [
      'no-package',
      { 'index.js': 'require("left-pad"); exports.handler = async () => 1;' },
      "run npm install left-pad in the function's folder",
    ],
  ])('%s', async (name, files, sentences) => {
    const zip = zipOf(files);
    const { warnings } = (await served.deploy(name, zip)).json as Deployed;
    expect(warnings).toEqual([expect.stringContaining(sentences) as string]);
    expect(warnings?.[0]?.split(sentences)).toHaveLength(2);
    const called = await served.invoke(name);
    expect([called.status, called.json]).toEqual([
      502,
      expect.objectContaining({ detail: expect.stringContaining(sentences) as string }),
    ]);
    const published = await served.publish(name, zip);
    expect([published.status, published.json]).toEqual([
      422,
      expect.objectContaining({ detail: expect.stringContaining(sentences) as string }),
    ]);
    expect([...(warnings ?? []), called.text, published.text].join()).not.toContain(served.directory);
  });

  it('TypeScript to compile that is not built, and the command that it names makes a folder that can be deployed', async () => {
    const source = 'enum Size { Small = 1 }\nexport const handler = () => Size.Small;\n';
    const { warnings } = (await served.deploy('sizes', zipOf({ 'index.ts': source }), { build: 'none' }))
      .json as Deployed;
    const command = /npx esbuild (.*), then deploy the folder dist\./.exec(warnings?.[0] ?? '')?.[1] ?? '';
    const folder = join(directory, 'sizes');
    await mkdir(folder);
    await writeFile(join(folder, 'index.ts'), source);
    await run(join(project, 'node_modules/.bin/esbuild'), command.split(' '), { cwd: folder });
    const bundled = await readFile(join(folder, 'dist/index.js'));
    const published = await served.publish('sizes', zipOf({ 'dist/index.js': bundled }));
    expect([published.status, published.json]).toEqual([
      200,
      expect.objectContaining({ notes: ['The folder "dist" of the archive was taken as its root.'] }),
    ]);
    expect((await served.invoke('sizes')).json).toBe(1);
  });
});

describe('a folder packed by scripts/zip.mjs', () => {
  /** As `npm install semver` leaves it, in a workspace, with what else such a folder holds. */
  async function workspace(): Promise<string> {
    const root = join(directory, 'workspace');
    const files = {
      'node_modules/typescript/package.json': '{}',
      'node_modules/typescript/bin/tsc': '',
      'packages/versions/package.json': JSON.stringify({
        dependencies: { semver: '7' },
        devDependencies: { typescript: '6' },
      }),
      'packages/versions/index.js': `const fs = require('node:fs');
        exports.handler = () => ({
          version: require('semver').inc('1.2.3', 'minor'),
          files: fs.readdirSync('.').sort(),
          packages: fs.readdirSync('node_modules').sort(),
          program: fs.readlinkSync('node_modules/.bin/semver'),
          executable: (fs.statSync('node_modules/.bin/semver').mode & 0o111) !== 0,
          linked: fs.readFileSync('link.txt', 'utf8'),
        });`,
      'packages/versions/lib/text.txt': 'linked',
      'packages/versions/.env': 'SECRET=1',
      'packages/versions/.git/config': '',
    };
    for (const [path, content] of Object.entries(files)) {
      await mkdir(dirname(join(root, path)), { recursive: true });
      await writeFile(join(root, path), content);
    }
    await cp(join(project, 'node_modules/semver'), join(root, 'node_modules/semver'), { recursive: true });
    await chmod(join(root, 'node_modules/semver/bin/semver.js'), 0o755);
    await mkdir(join(root, 'node_modules/.bin'));
    await symlink('../semver/bin/semver.js', join(root, 'node_modules/.bin/semver'));
    await symlink('../typescript/bin/tsc', join(root, 'node_modules/.bin/tsc'));
    await symlink('lib/text.txt', join(root, 'packages/versions/link.txt'));
    return join(root, 'packages/versions');
  }

  it('is a function with what it needs, links and execute bits included, and nothing else', async () => {
    const zip = join(directory, 'versions.zip');
    const { stdout } = await run(process.execPath, ['scripts/zip.mjs', await workspace(), zip], {
      cwd: project,
    });
    expect(stdout).toMatch(/, 1 package\nleft out: \.env, \.git\n$/);
    expect((await served.deploy('versions', await readFile(zip))).json).not.toHaveProperty('warnings');
    expect((await served.invoke('versions')).json).toEqual({
      version: '1.3.0',
      files: ['index.js', 'lib', 'link.txt', 'node_modules', 'package.json'],
      packages: ['.bin', 'semver'],
      program: '../semver/bin/semver.js',
      executable: true,
      linked: 'linked',
    });
  });
});
