import { readFile, readdir, readlink } from 'node:fs/promises';
import { join, relative } from 'node:path';

/** Every file below a directory, as `path -> content`; a link's content is `-> target`, a directory ends in a slash. */
export async function filesBelow(directory: string): Promise<Map<string, Buffer>> {
  const files = new Map<string, Buffer>();
  for (const entry of await readdir(directory, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath, entry.name);
    const name = relative(directory, path);
    if (entry.isDirectory()) files.set(`${name}/`, Buffer.alloc(0));
    else if (entry.isSymbolicLink()) files.set(name, Buffer.from(`-> ${await readlink(path)}`));
    else files.set(name, await readFile(path));
  }
  return files;
}
