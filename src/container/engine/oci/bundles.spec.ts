import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Bundles } from './bundles.js';

const mine = { installation: 'aaaa', name: 'glambdar-aaaa-1' };
const theirs = { installation: 'bbbb', name: 'glambdar-bbbb-1' };

let root: string;
let hierarchies: readonly string[];
let bundles: Bundles;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'gl-bundles-'));
  hierarchies = ['memory', 'pids'].map((name) => join(root, name));
  for (const hierarchy of hierarchies) mkdirSync(hierarchy);
  bundles = new Bundles(join(root, 'state'), () => hierarchies);
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

function makeGroup({ installation, name }: typeof mine, hierarchy: string): void {
  mkdirSync(join(root, hierarchy, 'glambdar', installation, name, 'container'), { recursive: true });
}

describe('what is left of containers', () => {
  it('is nothing where there never was one', async () => {
    await expect(bundles.namesOf(mine.installation)).resolves.toEqual([]);
    await expect(bundles.find(mine.name)).resolves.toBeUndefined();
  });

  it('is a directory', async () => {
    bundles.make(mine);
    await expect(bundles.namesOf(mine.installation)).resolves.toEqual([mine.name]);
    await expect(bundles.find(mine.name)).resolves.toEqual(mine);
  });

  it.each(['memory', 'pids'])('is a control group of %s, even of that alone', async (hierarchy) => {
    makeGroup(mine, hierarchy);
    await expect(bundles.namesOf(mine.installation)).resolves.toEqual([mine.name]);
    await expect(bundles.find(mine.name)).resolves.toEqual(mine);
  });

  it('is told once of each', async () => {
    bundles.make(mine);
    makeGroup(mine, 'memory');
    makeGroup(mine, 'pids');
    await expect(bundles.namesOf(mine.installation)).resolves.toEqual([mine.name]);
  });

  it('is never what another installation has', async () => {
    bundles.make(theirs);
    makeGroup(theirs, 'memory');
    await expect(bundles.namesOf(mine.installation)).resolves.toEqual([]);
    await expect(bundles.find(mine.name)).resolves.toBeUndefined();
  });

  it('is no file, such as a kernel has beside its groups', async () => {
    const directory = join(root, 'memory/glambdar', mine.installation);
    mkdirSync(directory, { recursive: true });
    writeFileSync(join(directory, 'cgroup.procs'), '');
    await expect(bundles.namesOf(mine.installation)).resolves.toEqual([]);
  });
});

describe("a container's directory", () => {
  it('is made once', () => {
    bundles.make(mine);
    expect(() => {
      bundles.make(mine);
    }).toThrow(expect.objectContaining({ name: 'EngineError', kind: 'conflict' }) as Error);
  });

  it('goes with all that is in it', async () => {
    bundles.make(mine);
    bundles.write(mine, { ociVersion: '1.0.0' });
    await bundles.discard(mine);
    await bundles.discard(mine);
    await expect(bundles.namesOf(mine.installation)).resolves.toEqual([]);
  });
});

describe('an installation that leaves', () => {
  it('leaves neither directories nor control groups, and others theirs', async () => {
    for (const place of [mine, theirs]) {
      bundles.make(place);
      await bundles.discard(place);
      for (const hierarchy of hierarchies)
        mkdirSync(join(hierarchy, 'glambdar', place.installation), { recursive: true });
    }
    await bundles.leave(mine.installation);
    const places = [join(root, 'state'), ...hierarchies.map((hierarchy) => join(hierarchy, 'glambdar'))];
    const left = [mine, theirs].map(({ installation }) =>
      places.map((place) => existsSync(join(place, installation))),
    );
    expect(left).toEqual([
      [false, false, false],
      [true, true, true],
    ]);
  });

  it('leaves what still has a container', async () => {
    bundles.make(mine);
    makeGroup(mine, 'pids');
    await bundles.leave(mine.installation);
    await expect(bundles.namesOf(mine.installation)).resolves.toEqual([mine.name]);
  });
});
