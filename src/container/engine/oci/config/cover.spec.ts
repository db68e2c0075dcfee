import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sandboxPolicy } from '../../sandbox-policy.js';
import { coverOf, hiddenFilesOf, writeCover } from './cover.js';

const policyIn = (runDirectory: string) =>
  sandboxPolicy({
    ...{ userId: 200_000, memoryBytes: 1, cpuMillis: 1, processes: 1, openFiles: 1, tmpBytes: 1 },
    ...{ tmpPrograms: false, runDirectory, codeDirectory: undefined },
  });

describe('what covers a container’s hidden files', () => {
  it('is an empty file in its own directory', async () => {
    const runDirectory = await mkdtemp(join(tmpdir(), 'gl-cover-'));
    try {
      await writeCover(policyIn(runDirectory));
      expect(coverOf(policyIn(runDirectory))).toBe(join(runDirectory, 'hidden'));
      await expect(readFile(join(runDirectory, 'hidden'), 'utf8')).resolves.toBe('');
    } finally {
      await rm(runDirectory, { recursive: true });
    }
  });

  it('is for the files that this machine has, not for its directories or what it lacks', async () => {
    const hiddenPaths = ['/proc/interrupts', '/proc/self', '/proc/none-of-this-name'];
    const hidden = { ...policyIn('/run/1'), hiddenPaths };
    await expect(hiddenFilesOf(hidden)).resolves.toEqual(['/proc/interrupts']);
  });
});
