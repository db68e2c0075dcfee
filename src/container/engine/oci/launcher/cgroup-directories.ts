import { existsSync, readFileSync } from 'node:fs';
import { readdir, readFile, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const usualPoint = '/sys/fs/cgroup';

/** Where control groups are mounted: one place for each controller in version 1, a single one in version 2. */
export function cgroupHierarchies(mounts = readFileSync('/proc/self/mountinfo', 'utf8')): readonly string[] {
  const found = mounts.split('\n').flatMap((line) => {
    const [before = '', after = ''] = line.split(' - ');
    const point = before.split(' ')[4];
    const type = after.split(' ')[0];
    return point === undefined ? [] : [{ point, type }];
  });
  const pointsOf = (wanted: string) =>
    found.flatMap(({ point, type }) => (type === wanted ? [point] : [])).filter(isUsual);
  // As runtimes decide it: some programs mount a hierarchy of version 1 for themselves within version 2.
  if (pointsOf('cgroup2').includes(usualPoint)) return [usualPoint];
  // In a hybrid layout version 2 has no controllers, and nothing of ours is in it.
  return [...new Set(pointsOf('cgroup'))];
}

/** Other mounts of the same hierarchies belong to somebody else's containers. */
function isUsual(point: string): boolean {
  return point === usualPoint || point.startsWith(`${usualPoint}/`);
}

/** A kernel that was told to kill is not always done at once. */
const retryMs = 10;
const longestMs = 5000;

/** Kills whatever is in a container's control groups and removes them; rejects if something in them does not end. */
export async function removeCgroups(
  hierarchies: readonly string[],
  cgroup: string,
  withinMs = longestMs,
): Promise<void> {
  const untilMs = performance.now() + withinMs;
  for (const hierarchy of hierarchies) {
    for (;;) {
      if (await removeTree(join(hierarchy, cgroup))) break;
      if (performance.now() > untilMs) throw new Error('processes of the container do not end');
      await pause(retryMs);
    }
  }
}

/** Whether it is gone. */
async function removeTree(directory: string): Promise<boolean> {
  if (await removed(directory)) return true;
  if (!existsSync(directory)) return true;
  const entries = await readdir(directory, { withFileTypes: true }).catch(() => []);
  for (const entry of entries) if (entry.isDirectory()) await removeTree(join(directory, entry.name));
  await killAllIn(directory);
  for (const pid of await processesIn(directory)) kill(pid);
  return removed(directory);
}

async function removed(directory: string): Promise<boolean> {
  try {
    await rmdir(directory);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT';
  }
}

/** Only version 2 can, from Linux 5.14 on; it reaches processes of other namespaces, too. */
async function killAllIn(directory: string): Promise<void> {
  await writeFile(join(directory, 'cgroup.kill'), '1', { flag: 'r+' }).catch(() => undefined);
}

async function processesIn(directory: string): Promise<number[]> {
  const text = await readFile(join(directory, 'cgroup.procs'), 'utf8').catch(() => '');
  // A process of another namespace of processes reads as 0, which as a target would mean our own group.
  return text
    .split('\n')
    .map(Number)
    .filter((pid) => pid > 1);
}

/** Quiet about a process, or a group where `pid` is negative, that has already ended. */
export function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has.
  }
}
