import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { FunctionContext } from '../context.js';
import { entryFileIn, memberOf, parseHandler } from './entry-file.js';
import type * as LoadReport from './load-report.js';

const requireBesideWorker = createRequire(import.meta.url);

/** Reads the program that reports code which does not load. */
export function openLoadReport(): typeof LoadReport {
  return requireBesideWorker('./load-report.js') as typeof LoadReport;
}

export type Callback = (error: Error | null | undefined, result?: unknown) => void;
export type Handler = (event: unknown, context: FunctionContext, callback: Callback) => unknown;

/**
 * Imports the function's code and picks its handler, `file.export`. Rejects with whatever the code throws, or with
 * sentences to its author when file or export is missing. A top-level `await` that never settles is the host's timeout.
 */
export async function loadHandler(codeDirectory: string, handler: string): Promise<Handler> {
  const setting = parseHandler(handler);
  const file = entryFileIn(codeDirectory, handler);
  if (file === undefined) {
    const { contentsOf, missingFileSentences } = openLoadReport();
    throw new MissingHandler(missingFileSentences(setting, contentsOf(codeDirectory)));
  }
  const module = await importFile(join(codeDirectory, file));
  const { exportName } = setting;
  const found = memberOf(module, exportName) ?? memberOf(memberOf(module, 'default'), exportName);
  if (typeof found === 'function') return found as Handler;
  const { contentsOf, missingExportSentences } = openLoadReport();
  throw new MissingHandler(missingExportSentences(file, setting, module, contentsOf(codeDirectory)));
}

class MissingHandler extends Error {
  override readonly name = 'MissingHandler';

  constructor(message: string) {
    super(message);
    // The worker's own stack is of no use to the reader of the log.
    this.stack = `${this.name}: ${message}`;
  }
}

/**
 * `require` takes ES modules as well, and CommonJS code then need not load the loader for them. Only a top-level `await`
 * needs `import()`: none of the code has run when `require` finds it.
 */
async function importFile(path: string): Promise<unknown> {
  try {
    return createRequire(path)(path) as unknown;
  } catch (error) {
    if (memberOf(error, 'code') !== 'ERR_REQUIRE_ASYNC_MODULE') throw error;
    return import(pathToFileURL(path).href);
  }
}
