import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Files by their path below the folder; an object is JSON, a text that begins with `-> ` a link. */
export async function writeFiles(
  folder: string,
  files: Readonly<Record<string, object | string | Uint8Array>>,
): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    const file = join(folder, path);
    await mkdir(dirname(file), { recursive: true });
    if (typeof content === 'string' && content.startsWith('-> ')) await symlink(content.slice(3), file);
    else if (typeof content === 'string' || content instanceof Uint8Array) await writeFile(file, content);
    else await writeFile(file, JSON.stringify(content));
  }
}
