import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { containerSpec, type LaunchRequest, OwnFiles } from './container-spec.js';

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

describe('the environment of a container', () => {
  const environmentOf = (asked: Pick<LaunchRequest, 'isAwaited'>) =>
    containerSpec(
      {
        program: { runtime: 'nodejs24.x', image: 'image', command: ['node'], environment: { HOME: '/tmp' } },
        runDirectory: '/run/one',
        codeDirectory: undefined,
        token: 'secret',
        resources: { memoryMiB: 128, cpuMillis: 1000, tmpMiB: 64 },
        ...asked,
      },
      { name: 'one', owner: { installation: 'ab12', instance: 'cd34' }, uid: 200_000 },
      { pids: 64, openFiles: 1024, ociRuntime: '' },
    ).program.environment;

  it('holds the worker’s token and what the program needs', () => {
    expect(environmentOf({})).toEqual({ GLAMBDAR_TOKEN: 'secret', HOME: '/tmp' });
  });

  it('says that a call waits, where one does', () => {
    expect(environmentOf({ isAwaited: true })).toEqual({
      GLAMBDAR_TOKEN: 'secret',
      GLAMBDAR_CALL_WAITS: '1',
      HOME: '/tmp',
    });
  });
});
