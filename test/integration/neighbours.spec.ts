import { chmod, mkdir, mkdtemp, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ProgramContainer } from '../support/program-container.js';
import { engineKinds, openTestEngine, type TestEngine } from '../support/test-engine.js';

interface Neighbour {
  /** By kind, the name of the one it is in. */
  readonly namespaces: Readonly<Record<string, string>>;
  /** Paths by device and inode. */
  readonly files: Readonly<Record<string, string>>;
  readonly processes: readonly string[];
  readonly sockets: number;
  readonly uid: number;
}

/**
 * What containers have in common on purpose. A namespace of users would be the engine's to give (`userns-remap`);
 * instead each container has a user id of its own. One of time only moves clocks.
 */
const commonNamespaces = ['time', 'time_for_children', 'user'];

/** Containers of one function read one copy of its code, and can see each other's record locks on it (docs/security.md). */
const commonToOneFunction = ['/glambdar/code', '/glambdar/code/index.js'];

/** Beyond those; an older kernel has fewer kinds. */
const commonNamespacesOf = (one: Neighbour, other: Neighbour) =>
  Object.keys(one.namespaces).filter(
    (kind) => one.namespaces[kind] === other.namespaces[kind] && !commonNamespaces.includes(kind),
  );

const commonFilesOf = (one: Neighbour, other: Neighbour) =>
  Object.keys(one.files)
    .filter((file) => file in other.files)
    .map((file) => one.files[file])
    .sort();

const longAgo = new Date('2001-01-01');

// A file that two containers can open is a means to meet, by locks, watches, leases and times; so is a namespace, by what
// it has: sockets without a file, System V and POSIX queues, shared memory, processes.
describe.each(engineKinds)('containers that run side by side with %s', (kind) => {
  let root: string;
  let engine: TestEngine;
  const containers: ProgramContainer[] = [];
  /** Two of one function, and one of another. */
  let first: Neighbour, second: Neighbour, stranger: Neighbour;

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'glambdar-neighbours-'));
    await chmod(root, 0o755);
    for (const name of ['one', 'other']) {
      const codeFile = join(root, name, 'index.js');
      await mkdir(join(root, name));
      await writeFile(codeFile, '');
      await utimes(codeFile, longAgo, longAgo);
    }
    engine = await openTestEngine(kind);
    const reports: Neighbour[] = [];
    for (const [index, code] of ['one', 'one', 'other'].entries()) {
      const order = {
        program: 'neighbour.mjs',
        uid: 234_570 + index,
        runDirectory: join(root, `run-${index}`),
        codeDirectory: join(root, code),
      };
      const container = await ProgramContainer.start(order, engine);
      containers.push(container);
      reports.push((await container.report()) as Neighbour);
    }
    [first, second, stranger] = reports as [Neighbour, Neighbour, Neighbour];
  }, 120_000);

  afterAll(async () => {
    await Promise.all(containers.map((container) => container.remove()));
    await engine.close();
    await rm(root, { recursive: true });
  }, 60_000);

  it('can name no file of each other, of the host or of the image, if their functions are two', () => {
    expect(commonFilesOf(first, stranger)).toEqual([]);
  });

  it('can name the files of their code, and no other, if their function is one', () => {
    expect(commonFilesOf(first, second)).toEqual(commonToOneFunction);
  });

  it.each(['one function', 'two functions'])('have namespaces of their own, of %s', (whose) => {
    const other = whose === 'one function' ? second : stranger;
    expect(commonNamespacesOf(first, other)).toEqual([]);
  });

  it('are users of their own, see their own processes and hear their own sockets', () => {
    const all = [first, second, stranger];
    expect(all.map(({ uid }) => uid)).toEqual([234_570, 234_571, 234_572]);
    expect(all.map(({ processes }) => processes.length)).toEqual([2, 2, 2]);
    expect(all.map(({ sockets }) => sockets)).toEqual([1, 1, 1]);
  });

  it('leave no trace on their code by reading it', async () => {
    expect((await stat(join(root, 'one', 'index.js'))).atime).toEqual(longAgo);
    expect(await readdir(join(root, 'one'))).toEqual(['index.js']);
  });
});
