import { contentsSentence, type ArchiveContents } from './archive-contents.js';
import { howToBundle } from './bundling.js';
import { entryExtensions } from './entry-file.js';
import { setHandlerTo, type HandlerSetting } from './handler-setting.js';
import { shownName } from './shown-names.js';

/** What to tell the author of an archive in which the handler's file is not. */
export function missingFileSentences(handler: HandlerSetting, contents: ArchiveContents): string {
  const what = `There is no ${handler.stem}.js at the root of the archive.`;
  return `${what} ${adviceFor(handler, contents)} ${contentsSentence(contents)}`;
}

function adviceFor({ stem, exportName }: HandlerSetting, contents: ArchiveContents): string {
  const { paths } = contents;
  const other = paths.find((path) => isEntryOf(path.toLowerCase(), stem.toLowerCase()));
  if (other !== undefined) {
    return `Upper and lower case count: rename ${shownName(other)} to ${stem}${endingOf(other).toLowerCase()}.`;
  }
  const source = paths.find((path) => /\.([jt]sx|[cm]ts)$/.test(path) && withoutEnding(path) === stem);
  if (source !== undefined) return howToBundle(source);
  // With the ending, as in `index.js.handler`; and in a folder.
  const meant = paths.includes(stem) ? stem : paths.find((path) => isEntryOf(nameOf(path), nameOf(stem)));
  const found = meant ?? mainFile(contents) ?? onlyFile(paths);
  const setIt = found === undefined ? undefined : setHandlerTo(withoutEnding(found), exportName);
  if (found === undefined || setIt === undefined) {
    return `Add it, or name the handler's file in the setting \`handler\`.`;
  }
  return `Put ${stem}${endingOf(found)} there, or ${setIt}.`;
}

function isEntryOf(path: string, stem: string): boolean {
  return entryExtensions.some((extension) => path === `${stem}.${extension}`);
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
