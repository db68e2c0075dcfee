import { execFile } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { LauncherPlace } from './messages.js';

const run = promisify(execFile);
const limits = { timeout: 30_000, killSignal: 'SIGKILL' as const };

let tables = 0;

/**
 * Each container gets a mount of its own: on one and the same, containers would meet in the locks of its files. Two layers
 * are what a read-only overlay needs at least, so the second is empty. One program mounts the whole batch.
 */
export async function mountRoots(
  place: LauncherPlace,
  image: string,
  roots: readonly string[],
): Promise<string> {
  const lines = roots.map((root) => {
    mkdirSync(place.root(root), { recursive: true });
    return `overlay ${place.root(root)} overlay ro,noatime,lowerdir=${image}:${place.empty} 0 0\n`;
  });
  tables += 1;
  const table = join(place.directory, `mounts-${tables}`);
  writeFileSync(table, lines.join(''));
  try {
    await run('mount', ['--all', '--fstab', table], limits);
  } catch (error) {
    await unmountRoots(place, roots).catch(() => undefined);
    throw error;
  } finally {
    rmSync(table);
  }
  return '';
}

/** Lazily: a runtime that is just starting has a copy of each mount, which goes with it. */
export async function unmountRoots(place: LauncherPlace, roots: readonly string[]): Promise<string> {
  const points = roots.map((root) => place.root(root));
  try {
    await run('umount', ['--lazy', '--', ...points], limits);
  } finally {
    // One that is mounted all the same stays.
    await Promise.allSettled(points.map((point) => rmdir(point)));
  }
  return '';
}

/** Pipes rather than sockets, so that a program may open `/dev/stdout`, as it may elsewhere. */
export async function makePipes(place: LauncherPlace, names: readonly string[]): Promise<string> {
  const paths = names.flatMap((name) => [place.pipe(name, 'stdout'), place.pipe(name, 'stderr')]);
  try {
    await run('mkfifo', ['--mode=600', '--', ...paths], limits);
  } catch (error) {
    for (const path of paths) rmSync(path, { force: true });
    throw error;
  }
  return '';
}
