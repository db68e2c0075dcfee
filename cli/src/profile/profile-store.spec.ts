import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { configDirectory, ProfileStore } from './profile-store.js';

const profile = { url: 'https://example.com', key: 'glb_key' };

let directory: string;
let store: ProfileStore;
let path: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'glambdar-profiles-'));
  store = new ProfileStore(join(directory, 'glambdar'));
  path = join(directory, 'glambdar/profiles/work.json');
});
afterEach(() => rm(directory, { recursive: true, force: true }));

describe('the directory of the settings of people', () => {
  it.each([
    [{}, '/home/ada/.config/glambdar'],
    [{ XDG_CONFIG_HOME: '/srv/config' }, '/srv/config/glambdar'],
    [{ XDG_CONFIG_HOME: '' }, '/home/ada/.config/glambdar'],
    [{ XDG_CONFIG_HOME: 'not/absolute' }, '/home/ada/.config/glambdar'],
  ])('with %j is %s', (environment, expected) => {
    expect(configDirectory({ environment, homeDirectory: '/home/ada' })).toBe(expected);
  });
});

describe('a profile', () => {
  it('is read as it was written, and only its owner can read it', async () => {
    await store.write('work', profile);
    expect(await store.read('work')).toEqual(profile);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await stat(join(path, '..'))).mode & 0o777).toBe(0o700);
  });

  it('has no key where the server needs none', async () => {
    await store.write('work', { url: profile.url });
    expect(await store.read('work')).toEqual({ url: profile.url });
  });

  it('is replaced as a whole, and nothing else is left', async () => {
    await store.write('work', profile);
    await Promise.all(['a', 'b', 'c'].map((key) => store.write('work', { ...profile, key })));
    expect(['a', 'b', 'c']).toContain((await store.read('work'))?.key);
    expect(await readdir(join(path, '..'))).toEqual(['work.json']);
  });

  it('does not undo another one that is written at the same time', async () => {
    await Promise.all(['a', 'b', 'c'].map((name) => store.write(name, { ...profile, key: name })));
    expect(await store.names()).toEqual(['a', 'b', 'c']);
    expect((await store.read('b'))?.key).toBe('b');
  });

  it('closes a directory that was open', async () => {
    await mkdir(join(path, '..'), { recursive: true, mode: 0o755 });
    await store.write('work', profile);
    expect((await stat(join(path, '..'))).mode & 0o777).toBe(0o700);
  });

  it.each([0o640, 0o604, 0o660, 0o644])('is refused with mode %o, and left as it is', async (mode) => {
    await store.write('work', profile);
    await chmod(path, mode);
    await expect(store.read('work')).rejects.toThrow(`Other users of this machine can read ${path}`);
    expect(JSON.parse(await readFile(path, 'utf8'))).toEqual(profile);
  });

  it.each(['', '{', '[]', '{"key":"glb_key"}', '{"url":"no address"}', '{"url":"https://a","key":7}'])(
    'is refused where its file holds %j',
    async (text) => {
      await store.write('work', profile);
      await writeFile(path, text);
      await expect(store.read('work')).rejects.toThrow(`${path} is not a profile.`);
    },
  );

  it('is gone once it is removed, and it is told whether it was there', async () => {
    await store.write('work', profile);
    expect([await store.remove('work'), await store.remove('work')]).toEqual([true, false]);
    expect([await store.read('work'), await store.names()]).toEqual([undefined, []]);
  });

  it('is an error in words where its directory cannot be one', async () => {
    await writeFile(join(directory, 'glambdar'), 'a file');
    await expect(store.write('work', profile)).rejects.toThrow(
      /work\.json cannot be used \((ENOTDIR|EEXIST)\)/,
    );
    expect(await store.names()).toEqual([]);
  });
});
