import { chmod, copyFile, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** What would let an upload choose another registry, or run something else than npm. */
const notCopied = new Set(['.npmrc']);

/**
 * Copies the upload, which can only be read, to where the tools may write. It has regular files and directories only:
 * that is all that the host unpacks. Resolves to the paths of its files.
 */
export async function copySource(source: string, target: string): Promise<ReadonlySet<string>> {
  const copied = new Set<string>();
  const copyDirectory = async (path: string) => {
    await mkdir(join(target, path), { recursive: true });
    for (const entry of await readdir(join(source, path), { withFileTypes: true })) {
      const below = path === '' ? entry.name : `${path}/${entry.name}`;
      if (notCopied.has(below)) continue;
      if (entry.isDirectory()) await copyDirectory(below);
      else if (entry.isFile()) {
        await copyFile(join(source, below), join(target, below));
        await chmod(join(target, below), 0o644);
        copied.add(below);
      }
    }
  };
  await copyDirectory('');
  return copied;
}
