import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sandboxPolicy, type SandboxAllotment } from './sandbox-policy.js';

const allotment: SandboxAllotment = {
  userId: 200_000,
  memoryBytes: 128 * 1024 * 1024,
  cpuMillis: 1000,
  processes: 64,
  openFiles: 1024,
  tmpBytes: 64 * 1024 * 1024,
  tmpPrograms: false,
  runDirectory: '/var/lib/glambdar/run/1',
  codeDirectory: '/var/lib/glambdar/functions/f/1',
};

const golden = join(import.meta.dirname, 'sandbox-policy.golden.json');

describe('the policy of a container', () => {
  // Anything that a container gains or loses shows here, and must be meant.
  it('is the one that was decided on', () => {
    expect(sandboxPolicy(allotment)).toEqual(JSON.parse(readFileSync(golden, 'utf8')));
  });

  it('cannot be changed by whoever holds it', () => {
    const frozen = (value: unknown): boolean =>
      typeof value !== 'object' ||
      value === null ||
      (Object.isFrozen(value) && Object.values(value).every(frozen));
    expect(frozen(sandboxPolicy(allotment))).toBe(true);
  });

  it.each([
    [1, 4096],
    [64, 4096],
    [65, 4160],
    [1024, 65_536],
  ])('lets a /tmp of %i MiB hold %i files', (tmpMiB, files) => {
    const { mounts } = sandboxPolicy({ ...allotment, tmpBytes: tmpMiB * 1024 * 1024 });
    expect(mounts.temporary.files).toBe(files);
  });
});
