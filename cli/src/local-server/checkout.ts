import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const serverPackage = 'glambdar-server';

/**
 * The working copy of the project that can start a server: the one that this program belongs to, or one around the
 * current directory. The published package has none.
 */
export async function findCheckout(workingDirectory: string): Promise<string | undefined> {
  const own = path.dirname(fileURLToPath(import.meta.url));
  for (const start of [own, workingDirectory]) {
    const found = await checkoutAbove(start);
    if (found !== undefined) return found;
  }
  return undefined;
}

async function checkoutAbove(start: string): Promise<string | undefined> {
  for (let directory = start; ; directory = path.dirname(directory)) {
    if (await isCheckout(directory)) return directory;
    if (directory === path.dirname(directory)) return undefined;
  }
}

async function isCheckout(directory: string): Promise<boolean> {
  try {
    const manifest = JSON.parse(await readFile(path.join(directory, 'package.json'), 'utf8')) as {
      name?: unknown;
    };
    return manifest.name === serverPackage;
  } catch {
    return false;
  }
}
