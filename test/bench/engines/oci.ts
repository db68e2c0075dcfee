import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import type { MeasuredEngine } from './measured-engine.js';

const run = promisify(execFile);
const RUNTIMES = ['crun', 'runc'];
const GROUPS_ROOT = '/sys/fs/cgroup';
/** With memory's accounts, by version 1 and 2 of the kernel's groups. */
const [FIRST, SECOND] = [`${GROUPS_ROOT}/memory/glambdar`, `${GROUPS_ROOT}/glambdar`];

/**
 * OCI runtimes without an engine. Each server has a state directory of its own, which is where its containers are looked
 * for: as with Docker, what a server says about them itself does not count.
 */
export class MeasuredOci implements MeasuredEngine {
  readonly id = 'oci';

  /**
   * @param settings `GLAMBDAR_OCI_` variables that the set-up or an operator chose
   */
  constructor(
    private readonly image: string,
    private readonly settings: Readonly<Record<string, string>> = {},
  ) {}

  async version() {
    const { GLAMBDAR_OCI_RUNTIME: chosen = '' } = this.settings;
    for (const name of chosen === '' ? RUNTIMES : [chosen]) {
      const printed = await run(name, ['--version']).catch(() => undefined);
      if (printed !== undefined) return printed.stdout.split('\n')[0] ?? name;
    }
    return 'no OCI runtime';
  }

  environment(directory: string) {
    return {
      ...this.settings,
      GLAMBDAR_ENGINE: this.id,
      GLAMBDAR_WORKER_IMAGE: this.image,
      GLAMBDAR_OCI_STATE: stateDirectory(directory),
    };
  }

  async containersOf(directory: string) {
    const installations = await entriesOf(stateDirectory(directory));
    const containers = installations.map(async (installation) =>
      (await entriesOf(path.join(stateDirectory(directory), installation, 'containers'))).map((name) =>
        path.join(installation, name),
      ),
    );
    return (await Promise.all(containers)).flat().sort();
  }

  async remains(directory: string) {
    const installations = await entriesOf(stateDirectory(directory));
    const containers = await this.containersOf(directory);
    const controllers = ['', ...(await entriesOf(GROUPS_ROOT, 'directories'))];
    const groups = installations.flatMap((installation) =>
      controllers.map((controller) =>
        entriesOf(path.join(GROUPS_ROOT, controller, 'glambdar', installation), 'directories'),
      ),
    );
    await rm(stateDirectory(directory), { recursive: true, force: true });
    return [...containers, ...(await Promise.all(groups)).flat()];
  }

  async memoryBytes(id: string) {
    const group = groupOf(id);
    const isFirst = group.startsWith(FIRST);
    const used = await readFile(
      path.join(group, isFirst ? 'memory.usage_in_bytes' : 'memory.current'),
      'utf8',
    );
    const accounts = await readFile(path.join(group, 'memory.stat'), 'utf8');
    const cache = new RegExp(`^${isFirst ? 'total_inactive_file' : 'inactive_file'} (\\d+)$`, 'm').exec(
      accounts,
    );
    return Number(used) - Number(cache?.[1] ?? 0);
  }

  async mainProcess(id: string) {
    const processes = await readFile(path.join(groupOf(id), 'cgroup.procs'), 'utf8');
    return Number(processes.split('\n')[0]);
  }

  close() {
    // Nothing is kept open.
  }
}

/** Where the default is, so that it is as fast: in `/run`, with the name of the server's own directory. */
function stateDirectory(directory: string) {
  return path.join('/run', path.basename(directory));
}

/** @param id installation and name of a container */
function groupOf(id: string) {
  const places = [FIRST, SECOND].map((group) => path.join(group, id, 'container'));
  const found = places.find((place) => existsSync(place));
  if (found === undefined) throw new Error(`The container ${id} has no control group.`);
  return found;
}

/** @returns nothing for what is not there */
async function entriesOf(directory: string, which: 'all' | 'directories' = 'all') {
  const entries = await readdir(directory, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => which === 'all' || entry.isDirectory()).map(({ name }) => name);
}
