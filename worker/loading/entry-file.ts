import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** As the server takes the setting. */
const settable = /^[A-Za-z0-9_][\w.-]*(\/[A-Za-z0-9_][\w.-]*)*\.[A-Za-z_$][\w$]*$/;
const longestSetting = 128;

export interface HandlerSetting {
  /** The entry file without its ending. */
  readonly entryPath: string;
  readonly exportName: string;
}

export function parseHandler(handler: string): HandlerSetting {
  const dot = handler.lastIndexOf('.');
  return { entryPath: handler.slice(0, dot), exportName: handler.slice(dot + 1) };
}

/** The advice to name another file or export; undefined for one that the setting cannot name. */
export function setHandlerTo(entryPath: string, exportName: string): string | undefined {
  const handler = `${entryPath}.${exportName}`;
  if (!settable.test(handler) || handler.length > longestSetting) return undefined;
  return `set \`handler\` to "${handler}"`;
}

/** In this order: the first that exists is the function's entry file. The server looks for the code's root by them, too. */
export const entryExtensions = ['js', 'mjs', 'cjs', 'ts', 'mts', 'cts'];

/** Relative to the code's folder; undefined where there is none. */
export function entryFileIn(codeDirectory: string, handler: string): string | undefined {
  const { entryPath } = parseHandler(handler);
  return entryExtensions
    .map((extension) => `${entryPath}.${extension}`)
    .find((name) => existsSync(join(codeDirectory, name)));
}

export function memberOf(value: unknown, name: string): unknown {
  const hasMembers = (typeof value === 'object' && value !== null) || typeof value === 'function';
  return hasMembers ? (value as Record<string, unknown>)[name] : undefined;
}
