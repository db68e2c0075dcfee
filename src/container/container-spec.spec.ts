import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OwnFiles } from './container-spec.js';

let runDirectory: string;
beforeEach(async () => {
  runDirectory = await mkdtemp(join(tmpdir(), 'gl-own-'));
});
afterEach(() => rm(runDirectory, { recursive: true }));

describe('a container’s own files', () => {
  it('say who its user is in the words of passwd and group, and name nobody but users of the image', async () => {
    await new OwnFiles().write(runDirectory, 234_567);
    const lines = (file: string) =>
      readFile(join(runDirectory, file), 'utf8').then((text) => text.split('\n'));
    await expect(lines('passwd')).resolves.toEqual([
      'root:x:0:0:root:/:/nonexistent',
      'function:x:234567:234567:function:/tmp:/nonexistent',
      'nobody:x:65534:65534:nobody:/tmp:/nonexistent',
      '',
    ]);
    await expect(lines('group')).resolves.toEqual([
      'root:x:0:',
      'function:x:234567:',
      'nogroup:x:65534:',
      '',
    ]);
  });

  it('can be read by the container’s user, whatever the server’s umask is', async () => {
    const umask = process.umask(0o077);
    try {
      await new OwnFiles().write(runDirectory, 234_567);
    } finally {
      process.umask(umask);
    }
    for (const file of ['passwd', 'group']) {
      expect((await stat(join(runDirectory, file))).mode & 0o777).toBe(0o644);
    }
  });
});
