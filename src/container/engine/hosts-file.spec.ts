import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hostsFileOf, writeHostsFile } from './hosts-file.js';
import { sandboxPolicy } from './sandbox-policy.js';

let runDirectory: string;
beforeEach(async () => {
  runDirectory = await mkdtemp(join(tmpdir(), 'gl-hosts-'));
});
afterEach(() => rm(runDirectory, { recursive: true }));

const policyOf = () =>
  sandboxPolicy({
    ...{
      userId: 200_000,
      memoryBytes: 1,
      cpuMillis: 1,
      processes: 1,
      openFiles: 1,
      tmpBytes: 1,
      tmpPrograms: false,
    },
    ...{ runDirectory, codeDirectory: undefined },
  });

describe('the hosts file of a container', () => {
  it('says what localhost means, in the container’s own directory', async () => {
    await writeHostsFile(policyOf());
    expect(hostsFileOf(policyOf())).toBe(join(runDirectory, 'hosts'));
    await expect(readFile(join(runDirectory, 'hosts'), 'utf8')).resolves.toBe(
      '127.0.0.1 localhost\n::1 localhost\n',
    );
  });

  it('can be read by the container’s user, whatever the server’s umask is', async () => {
    const umask = process.umask(0o077);
    try {
      await writeHostsFile(policyOf());
    } finally {
      process.umask(umask);
    }
    expect((await stat(join(runDirectory, 'hosts'))).mode & 0o777).toBe(0o644);
  });
});
