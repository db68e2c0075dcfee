import { types } from 'node:util';
import { contentsSentence, type ArchiveContents } from './archive-contents.js';
import { setHandlerTo, type HandlerSetting } from './handler-setting.js';
import { memberOf } from './member-of.js';
import { listed, shownName } from './shown-names.js';

const mostShown = 6;
/** What Node.js adds to modules of one kind so that the other can use them. */
const added = new Set(['__esModule', 'module.exports']);

interface Export {
  readonly name: string;
  readonly kind: string;
}

/** What to tell the author of a module that does not export the handler. Reading the module may run code of his. */
export function missingExportSentences(
  file: string,
  { stem, exportName }: HandlerSetting,
  module: unknown,
  contents: ArchiveContents,
): string {
  const exported = exportsOf(module);
  const own = exported.find(({ name }) => name === exportName);
  const what = `${file} does not export a function named ${exportName}`;
  const why = own === undefined ? '' : `: what it exports by that name is ${own.kind}`;
  return [
    `${what}${why}.`,
    adviceFor(stem, exportName, module, exported),
    exportsSentence(module, exported),
    contentsSentence(contents),
  ].join(' ');
}

function exportsSentence(module: unknown, exported: readonly Export[]): string {
  const named = listed(
    exported.map(({ name, kind }) => `${shownName(name)} (${kind})`),
    mostShown,
  );
  if (typeof module === 'function') {
    return `It exports one function by itself${named === '' ? '' : `, which has: ${named}`}.`;
  }
  return named === '' ? 'It exports nothing.' : `It exports: ${named}.`;
}

function adviceFor(stem: string, exportName: string, module: unknown, exported: readonly Export[]): string {
  const isEsModule = types.isModuleNamespaceObject(module);
  const write = isEsModule ? `export const ${exportName} = …` : `exports.${exportName} = …`;
  if (typeof module === 'function') return `Write \`${write}\` in place of \`module.exports = …\`.`;
  const functions = exported.filter(({ kind }) => kind === 'function').map(({ name }) => name);
  const meant = functions.find((name) => isAlmost(name, exportName)) ?? onlyOf(functions);
  const setIt = meant === undefined ? undefined : setHandlerTo(stem, meant);
  if (meant === undefined || setIt === undefined) return `Write \`${write}\`, with a function.`;
  if (meant === 'default') return `Write \`${write}\` in place of the default export, or ${setIt}.`;
  return `Rename ${shownName(meant)} to ${exportName}, or ${setIt}.`;
}

/** Its own, and for an ES module whose only export is one object, the members of that. */
function exportsOf(module: unknown): Export[] {
  const own = namesOf(module).map((name) => ({ name, kind: kindOf(() => memberOf(module, name)) }));
  const [only, ...more] = own;
  if (only?.name !== 'default' || more.length > 0 || only.kind !== 'object') return own;
  const inside = memberOf(module, 'default');
  return [...own, ...namesOf(inside).map((name) => ({ name, kind: kindOf(() => memberOf(inside, name)) }))];
}

function namesOf(value: unknown): string[] {
  try {
    const names = typeof value === 'object' || typeof value === 'function' ? Object.keys(value ?? {}) : [];
    return names.filter((name) => !added.has(name));
  } catch {
    return [];
  }
}

function kindOf(read: () => unknown): string {
  try {
    const value = read();
    if (value === null) return 'null';
    if (Array.isArray(value)) return 'array';
    return types.isPromise(value) ? 'promise' : typeof value;
  } catch {
    return 'unreadable';
  }
}

function onlyOf(names: readonly string[]): string | undefined {
  return names.length === 1 ? names[0] : undefined;
}

/** The same but for upper and lower case, a letter too many, too few or wrong, or two that changed places. */
function isAlmost(name: string, wanted: string): boolean {
  const [a, b] = [name.toLowerCase(), wanted.toLowerCase()];
  if (a === b) return true;
  if (Math.abs(a.length - b.length) > 1) return false;
  let start = 0;
  while (start < Math.min(a.length, b.length) && a[start] === b[start]) start++;
  const swapped = a.slice(0, start) + (a[start + 1] ?? '') + (a[start] ?? '') + a.slice(start + 2);
  const rests = [
    [a.slice(start + 1), b.slice(start + 1)],
    [a.slice(start + 1), b.slice(start)],
    [a.slice(start), b.slice(start + 1)],
  ];
  return swapped === b || rests.some(([left, right]) => left === right);
}
