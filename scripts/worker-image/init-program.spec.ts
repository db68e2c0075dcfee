import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { initProgram } from './init-program.mjs';

describe('initProgram', () => {
  let root: string;
  beforeEach(async () => {
    root = await realpath(await mkdtemp(join(tmpdir(), 'glambdar-init-')));
  });
  afterEach(() => rm(root, { recursive: true }));

  const program = async (name: string, mode = 0o755) => {
    await writeFile(join(root, name), '', { mode });
    return join(root, name);
  };

  it('is found on the path, by the name that Docker gives it', async () => {
    const found = await program('docker-init');
    expect(await initProgram({ PATH: `/nowhere:${root}` }, [])).toBe(found);
  });

  it('is found where packages put it, on the path or not', async () => {
    const found = await program('tini-static');
    expect(await initProgram({}, [root])).toBe(found);
  });

  it('is the program itself, not a link to it', async () => {
    const found = await program('elsewhere');
    await symlink(found, join(root, 'docker-init'));
    expect(await initProgram({ PATH: root }, [])).toBe(found);
  });

  it('is nothing that cannot run', async () => {
    await program('docker-init', 0o644);
    await mkdir(join(root, 'tini-static'));
    expect(await initProgram({ PATH: root }, [])).toBeUndefined();
  });

  it('is looked for in no directory that depends on where one stands', async () => {
    expect(await initProgram({ PATH: '.::bin' }, [])).toBeUndefined();
  });
});
