import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { childEnvironment } from './setup/project.mjs';
import { clearTestPlace, endProcessesIn, environmentIn, makeTestPlace } from './test-place.mjs';

let place: string;
beforeEach(async () => {
  place = await makeTestPlace();
});

describe('the place of a run of the tests', () => {
  it('goes when nothing is left in it', async () => {
    await expect(clearTestPlace(place)).resolves.toEqual([]);
    expect(existsSync(place)).toBe(false);
  });

  it('tells of temporary files by their names, and goes with them', async () => {
    await writeFile(join(place, 'forgotten'), '');
    await expect(clearTestPlace(place, undefined, 0)).resolves.toEqual([
      `temporary files: ${join(place, 'forgotten')}`,
    ]);
    expect(existsSync(place)).toBe(false);
  });

  it('tells of the state of a container that a server left, and of no empty directory', async () => {
    await mkdir(join(place, 'oci', '0badcafe', 'roots', '1'), { recursive: true });
    const bundle = join(place, 'oci', '0badcafe', 'containers', 'glambdar-1');
    await mkdir(bundle, { recursive: true });
    await writeFile(join(bundle, 'config.json'), '{}');
    const left = await clearTestPlace(place, undefined, 0);
    expect(left.toSorted()).toEqual([
      `state of a container: ${bundle}`,
      `state of a container: ${join(bundle, 'config.json')}`,
    ]);
    expect(existsSync(place)).toBe(false);
  });

  it('tells of a process that goes on, and waits for one that ends', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => 1, 1000); console.log("runs")'], {
      env: childEnvironment({ NODE_OPTIONS: '', ...environmentIn(place) }),
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    await once(child.stdout, 'data');
    await expect(clearTestPlace(place, undefined, 0)).resolves.toEqual([
      expect.stringMatching(new RegExp(`^process ${child.pid}: .*setInterval`)),
    ]);
    const other = await makeTestPlace();
    child.kill();
    await once(child, 'close');
    await expect(clearTestPlace(other)).resolves.toEqual([]);
  });

  it('ends in order what runs in it when the run is broken off, and by force what does not end', async () => {
    const children = [
      'process.on("SIGTERM", () => process.exit(7))',
      'process.on("SIGTERM", () => undefined)',
    ].map((onSignal) =>
      spawn(process.execPath, ['-e', `${onSignal}; setInterval(() => 1, 1000); console.log("runs")`], {
        env: childEnvironment({ NODE_OPTIONS: '', ...environmentIn(place) }),
        stdio: ['ignore', 'pipe', 'ignore'],
      }),
    );
    const ends = children.map((child) => once(child, 'close'));
    await Promise.all(children.map((child) => once(child.stdout, 'data')));
    // Long enough for the first, and in vain for the second.
    await endProcessesIn(place, 3000);
    await expect(ends[1]).resolves.toEqual([null, 'SIGKILL']);
    const [orderly] = await Promise.all(ends);
    expect([
      [7, null],
      [null, 'SIGKILL'],
    ]).toContainEqual(orderly);
    await expect(clearTestPlace(place, undefined, 0)).resolves.toEqual([]);
  });

  it('tells of containers that have mounts in it, whatever their state, and of no others', async () => {
    const engine = engineWith([
      {
        Names: ['/ours'],
        State: 'exited',
        Mounts: [{ Source: '/elsewhere' }, { Source: `${place}/a/run/1` }],
      },
      { Names: ['/of-another-run'], State: 'running', Mounts: [{ Source: `${place}-2/a/run/1` }] },
      { Names: ['/of-nobody'], State: 'running', Mounts: [{}] },
    ]);
    const socket = join(place, 'engine.sock');
    await once(engine.listen(socket), 'listening');
    const left = await clearTestPlace(place, socket, 0);
    engine.close();
    expect(left).toEqual([`temporary files: ${socket}`, 'container: /ours (exited)']);
  });
});

function engineWith(containers: readonly object[]): Server {
  return createServer((_, answer) => answer.end(JSON.stringify(containers)));
}
