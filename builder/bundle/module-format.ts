import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export type ModuleFormat = 'cjs' | 'esm';

/** How Node.js would take the entry file: by its ending, or by the nearest package.json. Undefined where neither says. */
export function declaredFormat(project: string, entry: string): ModuleFormat | undefined {
  if (entry.endsWith('.mts')) return 'esm';
  if (entry.endsWith('.cts')) return 'cjs';
  for (let directory = dirname(entry); ; directory = dirname(directory)) {
    const file = join(project, directory, 'package.json');
    if (existsSync(file)) return typeIn(file);
    if (directory === '.') return undefined;
  }
}

function typeIn(file: string): ModuleFormat | undefined {
  try {
    const { type } = JSON.parse(readFileSync(file, 'utf8')) as { readonly type?: unknown };
    return type === 'module' ? 'esm' : type === 'commonjs' ? 'cjs' : undefined;
  } catch {
    // What is no JSON is npm's to say, or nobody's.
    return undefined;
  }
}

/** The ending says the format whatever package.json says. */
export function outputPath(entry: string, format: ModuleFormat): string {
  return entry.replace(/\.[cm]?ts$/, format === 'esm' ? '.mjs' : '.cjs');
}
