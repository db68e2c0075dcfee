import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { becomes } from './eventually.js';
import { namesIn, textOf } from './vanishing-files.js';

const cgroupDirectory = '/sys/fs/cgroup';
/** For a busy machine; what stays does so for ever. */
const patienceMs = 60_000;
/** Where runtimes keep their state unless they are told where. */
const usualStates = ['/run/crun', '/run/runc', '/run/runsc'];

/** What the machine has of an installation's containers for good: what was killed may be known for a moment longer. */
export async function leftoversOf(state: string, installation: string): Promise<string[]> {
  await becomes(() => presentOf(state, installation).length === 0, patienceMs);
  return presentOf(state, installation);
}

/** In words: files, control groups, processes and mounts. */
function presentOf(state: string, installation: string): string[] {
  return [
    ...namesIn(join(state, installation, 'containers')).map((name) => `directory: ${name}`),
    ...usualStates.flatMap(namesIn).filter((name) => name.includes(installation)),
    ...groupsOf(installation).flatMap((group) =>
      groupsIn(group).map((name) => `control group: ${group}/${name}`),
    ),
    ...namesIn('/proc').flatMap((pid) => tracesIn(pid, installation)),
  ];
}

/** What holds the containers of an installation, which goes with its last server. */
export function placesOf(state: string, installation: string): string[] {
  return [...groupsOf(installation), join(state, installation)].filter((path) => existsSync(path));
}

/** In every hierarchy: there is one, or one for each controller, or both. */
function groupsOf(installation: string): string[] {
  const hierarchies = [
    cgroupDirectory,
    ...namesIn(cgroupDirectory).map((name) => join(cgroupDirectory, name)),
  ];
  return hierarchies.map((hierarchy) => join(hierarchy, 'glambdar', installation));
}

function groupsIn(directory: string): string[] {
  return namesIn(directory).filter((name) => existsSync(join(directory, name, 'cgroup.procs')));
}

/** A process that is in a group of its, or that still sees a mount of its, in whichever namespace. */
function tracesIn(pid: string, installation: string): string[] {
  if (!/^\d+$/.test(pid)) return [];
  return ['cgroup', 'mountinfo', 'cmdline']
    .filter((file) => textOf(join('/proc', pid, file)).includes(`/${installation}/`))
    .map((file) => `process ${pid}: ${file}`);
}

/** Processes that were told of a state: launchers, runtimes, and those that started them. */
export function processesOf(state: string): number[] {
  return namesIn('/proc')
    .filter((pid) => /^\d+$/.test(pid) && textOf(join('/proc', pid, 'cmdline')).includes(state))
    .map(Number);
}
