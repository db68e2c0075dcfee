import { readdirSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** Keeps a file that cannot be used under another name, which it returns; of such files the newest alone is kept. */
export function setAside(file: string): string {
  const aside = `${file}.unusable`;
  const directory = dirname(file);
  for (const suffix of ['', '-wal', '-shm']) rmSync(aside + suffix, { force: true });
  for (const name of readdirSync(directory)) {
    const suffix = name.slice(basename(file).length);
    if (!name.startsWith(basename(file)) || !['', '-wal', '-shm'].includes(suffix)) continue;
    renameSync(join(directory, name), aside + suffix);
  }
  return aside;
}
