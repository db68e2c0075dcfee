import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
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
  const module = await importFile(join(codeDirectory, file));
  const found = memberOf(module, exportName) ?? memberOf(memberOf(module, 'default'), exportName);
  if (typeof found !== 'function')
    throw new MissingHandler(`${file} does not export a function named ${exportName}.`);
  return found as Handler;
}

class MissingHandler extends Error {
  override readonly name = 'MissingHandler';
}

/**
 * `require` takes ES modules as well, and spares CommonJS code the loader for them. Only a top-level `await` needs
 * `import()`: nothing of the code has run when `require` finds it.
 */
async function importFile(path: string): Promise<unknown> {
  try {
    return createRequire(path)(path) as unknown;
  } catch (error) {
    if (memberOf(error, 'code') !== 'ERR_REQUIRE_ASYNC_MODULE') throw error;
    return import(pathToFileURL(path).href);
  }
}

function memberOf(value: unknown, name: string): unknown {
  const hasMembers = (typeof value === 'object' && value !== null) || typeof value === 'function';
  return hasMembers ? (value as Record<string, unknown>)[name] : undefined;
}
