import {
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  rename,
  rm,
  symlink,
  truncate,
  unlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unpackedImages } from '../../../../scripts/worker-image/unpacked-images.mjs';
import { RecordingLog } from '../../../../test/fakes/recording-log.js';
import { OciImages } from './images.js';

const reference = 'glambdar-worker:0123456789ab';
const owner = process.getuid?.() ?? 0;
let directory: string;
let log: RecordingLog;

const place = () => join(directory, 'glambdar-worker', '0123456789ab');
const inImage = (path: string) => join(place(), 'rootfs', path);
const images = (of = owner) => new OciImages(directory, log, of);

/** As the set-up makes it. */
function make() {
  return unpackedImages(directory).make({
    from: 'scratch',
    reference,
    entries: [
      { kind: 'directory', path: 'tmp', mode: 0o1777 },
      { kind: 'directory', path: 'etc', mode: 0o755 },
      { kind: 'text', path: 'etc/hosts', mode: 0o644, text: '127.0.0.1 localhost\n' },
      { kind: 'link', path: 'etc/passwd', mode: 0o777, target: '/glambdar/passwd' },
    ],
    instructions: ['ENV NODE_ENV=production', 'USER 65534:65534'],
  });
}

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'oci-images-'));
  log = new RecordingLog();
  await make();
});

afterEach(() => rm(directory, { recursive: true, force: true }));

describe('OciImages', () => {
  it('opens an image as it was made, with its environment and everything that is mounted over', async () => {
    await expect(images().open(reference)).resolves.toEqual({
      rootDirectory: join(place(), 'rootfs'),
      environment: {
        PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
        NODE_ENV: 'production',
      },
    });
    expect((await readdir(inImage('etc'))).sort()).toEqual([
      'hostname',
      'hosts',
      'mtab',
      'passwd',
      'resolv.conf',
    ]);
  });

  it('compares an image once in the life of a server', async () => {
    const opened = images();
    await opened.open(reference);
    await truncate(inImage('etc/hosts'), 3);
    await expect(opened.open(reference)).resolves.toBeDefined();
    await expect(images().open(reference)).resolves.toBeUndefined();
  });

  it('misses an image that was removed after it was opened, and takes the one that is made in its place', async () => {
    const opened = images();
    const first = await opened.open(reference);
    await expect(opened.open(reference)).resolves.toBe(first);
    await rm(place(), { recursive: true });
    await expect(Promise.all([opened.open(reference), opened.open(reference)])).resolves.toEqual([
      undefined,
      undefined,
    ]);
    await make();
    const second = await opened.open(reference);
    expect(second).toEqual(first);
    // What stood on the first, such as its mounts, is not taken for the second's.
    expect(second).not.toBe(first);
  });

  it.each([
    ['another one has its place', () => rename(place(), `${place()}-before`).then(make)],
    ['its root was touched', () => chmod(inImage('.'), 0o755)],
  ])('compares an image again when %s', async (_what, change) => {
    const opened = images();
    await opened.open(reference);
    await change();
    await truncate(inImage('etc/hosts'), 3);
    await expect(opened.open(reference)).resolves.toBeUndefined();
    expect(log.lines).toMatchObject([{ level: 'warn', fields: { damage: 'etc/hosts has another content' } }]);
  });

  it.each([
    'glambdar-worker:of-another-build',
    'another:0123456789ab',
    'no-tag',
    '../x:y',
    'x:..',
    'x:.',
    '',
  ])('knows no image %j', async (unknown) => {
    await expect(images().open(unknown)).resolves.toBeUndefined();
    expect(log.lines).toEqual([]);
  });

  it.each([
    [
      'another content',
      () => writeFile(inImage('etc/hosts'), '127.0.0.2 localhost\n'),
      'etc/hosts has another content',
    ],
    ['another length', () => truncate(inImage('etc/hosts'), 3), 'etc/hosts has another content'],
    ['other permissions', () => chmod(inImage('etc/hosts'), 0o666), 'etc/hosts has other permissions'],
    ['a file more', () => writeFile(inImage('etc/shadow'), ''), 'etc/shadow does not belong there'],
    ['a file less', () => unlink(inImage('etc/hosts')), 'etc/hosts is missing'],
    ['another link', () => relink('etc/passwd', '/etc/passwd'), 'etc/passwd leads somewhere else'],
    ['a link for a file', () => relink('etc/hosts', '/etc/hosts'), 'etc/hosts is no file'],
    ['an open root', () => chmod(inImage('.'), 0o777), 'rootfs can be written to by others'],
    ['no root', () => rm(inImage('.'), { recursive: true }), 'a part is missing'],
    ['no list', () => unlink(join(place(), 'image.json')), 'a part is missing'],
    [
      'half a list',
      () => truncate(join(place(), 'image.json'), 20),
      'image.json does not tell of this image',
    ],
  ])('puts aside an image with %s, so that it is made again', async (_what, damage, remark) => {
    await damage();
    const opened = images();
    await expect(opened.open(reference)).resolves.toBeUndefined();
    expect(log.lines).toMatchObject([{ level: 'warn', fields: { image: reference, damage: remark } }]);
    await expect(unpackedImages(directory).sizeOf(reference)).resolves.toBeUndefined();
    await make();
    await expect(opened.open(reference)).resolves.toBeDefined();
  });

  it('takes no image that belongs to somebody else', async () => {
    await expect(images(owner + 1).open(reference)).resolves.toBeUndefined();
    expect(log.lines).toMatchObject([{ level: 'error', fields: { damage: `belongs to user ${owner}` } }]);
  });

  it('takes no image where others could exchange it', async () => {
    await chmod(directory, 0o777);
    await expect(images().open(reference)).resolves.toBeUndefined();
    expect(log.lines).toMatchObject([{ level: 'error', fields: { directory } }]);
    await expect(readdir(place())).resolves.toContain('rootfs');
  });
});

describe('unpackedImages', () => {
  it('keeps the image that is there when another one of the same name is made', async () => {
    await mkdir(join(place(), 'used'));
    await make();
    await expect(readdir(place())).resolves.toContain('used');
    await expect(readdir(join(directory, 'glambdar-worker'))).resolves.toEqual(['0123456789ab']);
  });

  it('removes what a maker left that was killed, and old images', async () => {
    const leftover = join(directory, 'glambdar-worker', '.0123456789ab.999999999');
    await mkdir(leftover);
    await unpackedImages(directory).removeOld(reference);
    await expect(readdir(join(directory, 'glambdar-worker'))).resolves.toEqual(['0123456789ab']);
  });

  it('leaves nothing of an image that could not be made', async () => {
    const broken = unpackedImages(directory).make({
      from: 'scratch',
      reference: 'glambdar-worker:broken',
      entries: [{ kind: 'file', path: 'init', mode: 0o755, source: join(directory, 'not-there') }],
      instructions: [],
    });
    await expect(broken).rejects.toThrow('GLAMBDAR_OCI_IMAGES');
    await expect(readdir(join(directory, 'glambdar-worker'))).resolves.toEqual(['0123456789ab']);
  });
});

async function relink(path: string, target: string): Promise<void> {
  await unlink(inImage(path));
  await symlink(target, inImage(path));
}
