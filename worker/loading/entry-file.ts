import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseHandler } from './handler-setting.js';

/** In this order: the first that exists is the function's entry file. The server looks for the code's root by them, too. */
export const entryExtensions = ['js', 'mjs', 'cjs', 'ts'];

/** Relative to the code's folder; undefined where there is none. */
export function entryFileIn(codeDirectory: string, handler: string): string | undefined {
  const { stem } = parseHandler(handler);
  return entryExtensions
    .map((extension) => `${stem}.${extension}`)
    .find((name) => existsSync(join(codeDirectory, name)));
}
