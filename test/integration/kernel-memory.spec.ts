import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ProgramContainer } from '../support/program-container.js';
import { openTestEngine, type TestEngine } from '../support/test-engine.js';

const bytesPerKiB = 1024;
const openFilesLimit = 1024;

interface Hoard {
  readonly socketBytes: number;
  readonly openFiles: readonly { readonly open: number; readonly code: string }[];
}

// Version 1 of cgroups charges the buffers of TCP to nobody. What a container can hold in them is then bounded by the
// files it may have open, and by what each connection may hold.
describe('what a container can make the kernel hold', () => {
  let root: string;
  let engine: TestEngine;
  let container: ProgramContainer;
  let hoard: Hoard;

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'glambdar-hoards-'));
    await chmod(root, 0o755);
    const codeDirectory = join(root, 'code');
    await mkdir(codeDirectory);
    engine = await openTestEngine();
    const order = {
      program: 'hoards.mjs',
      uid: 234_580,
      runDirectory: join(root, 'run'),
      codeDirectory,
    };
    container = await ProgramContainer.start(order, engine);
    hoard = (await container.report()) as Hoard;
  }, 120_000);

  afterAll(async () => {
    await container.remove();
    await engine.close();
    await rm(root, { recursive: true });
  }, 60_000);

  it('is less than 400 KiB for each connection to itself, both ways together', () => {
    expect(hoard.socketBytes / bytesPerKiB).toBeLessThan(400);
    // It did fill them.
    expect(hoard.socketBytes / bytesPerKiB).toBeGreaterThan(16);
  });

  it('is no more open files than the limit in any of its processes', () => {
    for (const { open, code } of hoard.openFiles) {
      expect(code).toBe('EMFILE');
      expect(open).toBeLessThan(openFilesLimit);
    }
  });
});
