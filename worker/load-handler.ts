import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { FunctionContext } from './context.js';
import type { FunctionEvent } from './event.js';

export type Callback = (error: Error | null | undefined, result?: unknown) => void;
export type Handler = (event: FunctionEvent, context: FunctionContext, callback: Callback) => unknown;

/** In this order: the first that exists is the function's entry file. */
const extensions = ['js', 'mjs', 'cjs', 'ts'];

/**
 * Imports the function's code and picks its handler, `file.export`. Rejects with whatever the code throws, or with a
 * sentence to its author when file or export is missing. A top-level `await` that never settles is the host's timeout.
 */
export async function loadHandler(codeDirectory: string, handler: string): Promise<Handler> {
  const dot = handler.lastIndexOf('.');
  const stem = handler.slice(0, dot);
  const exportName = handler.slice(dot + 1);
  const file = extensions
    .map((extension) => `${stem}.${extension}`)
    .find((name) => existsSync(join(codeDirectory, name)));
  if (file === undefined) throw new MissingHandler(`There is no ${stem}.js at the root of the archive.`);
  const module = (await import(pathToFileURL(join(codeDirectory, file)).href)) as Record<string, unknown>;
  const found = module[exportName] ?? exportOfDefault(module['default'], exportName);
  if (typeof found !== 'function')
    throw new MissingHandler(`${file} does not export a function named ${exportName}.`);
  return found as Handler;
}

class MissingHandler extends Error {
  override readonly name = 'MissingHandler';
}

/** CommonJS exports that static analysis does not see, e.g. `module.exports = build()`, are on the default export. */
function exportOfDefault(value: unknown, exportName: string): unknown {
  const hasMembers = (typeof value === 'object' && value !== null) || typeof value === 'function';
  return hasMembers ? (value as Record<string, unknown>)[exportName] : undefined;
}
