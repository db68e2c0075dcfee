import { types } from 'node:util';
import { type ArchiveContents, contentsSentence } from './archive-contents.js';
import { howToBundle, listed, shownName } from './wording.js';
import { entryExtensions, type HandlerSetting, memberOf, setHandlerTo } from './entry-file.js';

/** What to say about an archive without the handler's file. */
export function missingFileSentences(handler: HandlerSetting, contents: ArchiveContents): string {
  const what = `There is no ${handler.entryPath}.js at the root of the archive.`;
  return `${what} ${missingFileAdvice(handler, contents)} ${contentsSentence(contents)}`;
}

function missingFileAdvice({ entryPath, exportName }: HandlerSetting, contents: ArchiveContents): string {
  const { paths } = contents;
  const other = paths.find((path) => isEntryOf(path.toLowerCase(), entryPath.toLowerCase()));
  if (other !== undefined) {
    return `Upper and lower case count: rename ${shownName(other)} to ${entryPath}${endingOf(other).toLowerCase()}.`;
  }
  const source = paths.find((path) => /\.([jt]sx|[cm]ts)$/.test(path) && withoutEnding(path) === entryPath);
  if (source !== undefined) return howToBundle(source);
  // With the ending, as in `index.js.handler`; and in a folder.
  const meant = paths.includes(entryPath)
    ? entryPath
    : paths.find((path) => isEntryOf(nameOf(path), nameOf(entryPath)));
  const found = meant ?? mainFile(contents) ?? onlyFile(paths);
  const setIt = found === undefined ? undefined : setHandlerTo(withoutEnding(found), exportName);
  if (found === undefined || setIt === undefined) {
    return `Add it, or name the handler's file in the setting \`handler\`.`;
  }
  return `Put ${entryPath}${endingOf(found)} there, or ${setIt}.`;
}

function isEntryOf(path: string, entryPath: string): boolean {
  return entryExtensions.some((extension) => path === `${entryPath}.${extension}`);
}

/** As `package.json` names it, where that names a file that is there. */
function mainFile({ paths, manifest }: ArchiveContents): string | undefined {
  if (typeof manifest.main !== 'string') return undefined;
  const main = manifest.main.replace(/^\.\//, '');
  return paths.find((path) => path === main || isEntryOf(path, main) || isEntryOf(path, `${main}/index`));
}

/** The one at the root that could be loaded. */
function onlyFile(paths: readonly string[]): string | undefined {
  const loadable = paths.filter(
    (path) => !path.includes('/') && entryExtensions.includes(endingOf(path).slice(1)),
  );
  return loadable.length === 1 ? loadable[0] : undefined;
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function withoutEnding(path: string): string {
  return path.replace(/\.\w+$/, '');
}

function endingOf(path: string): string {
  return /\.\w+$/.exec(path)?.[0] ?? '';
}

const mostShown = 6;
/** What Node.js adds to modules of one kind so that the other can use them. */
const added = new Set(['__esModule', 'module.exports']);

interface Export {
  readonly name: string;
  readonly kind: string;
}

/** What to say about a module that does not export the handler. Reading the module may run its code. */
export function missingExportSentences(
  file: string,
  { entryPath, exportName }: HandlerSetting,
  module: unknown,
  contents: ArchiveContents,
): string {
  const exported = exportsOf(module);
  const own = exported.find(({ name }) => name === exportName);
  const what = `${file} does not export a function named ${exportName}`;
  const why = own === undefined ? '' : `: what it exports by that name is ${own.kind}`;
  return [
    `${what}${why}.`,
    missingExportAdvice(entryPath, exportName, module, exported),
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

function missingExportAdvice(
  entryPath: string,
  exportName: string,
  module: unknown,
  exported: readonly Export[],
): string {
  const isEsModule = types.isModuleNamespaceObject(module);
  const write = isEsModule ? `export const ${exportName} = …` : `exports.${exportName} = …`;
  if (typeof module === 'function') return `Write \`${write}\` in place of \`module.exports = …\`.`;
  const functions = exported.filter(({ kind }) => kind === 'function').map(({ name }) => name);
  const meant = functions.find((name) => isAlmost(name, exportName)) ?? onlyName(functions);
  const setIt = meant === undefined ? undefined : setHandlerTo(entryPath, meant);
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

function onlyName(names: readonly string[]): string | undefined {
  return names.length === 1 ? names[0] : undefined;
}

/** The same except for upper and lower case, one letter added, missing or wrong, or two swapped. */
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
