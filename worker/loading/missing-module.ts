import { posix } from 'node:path';
import { contentsSentence, type ArchiveContents } from './archive-contents.js';
import { howToBundle } from './bundling.js';
import { memberOf } from './member-of.js';
import { shownName } from './shown-names.js';

/** Names that compilers alone resolve, by the `paths` of a `tsconfig.json`. */
const alias = /^(@\/|~|\$)/;
const packageName = /^(@[^/]+\/)?[^/]+/;
const endings = ['', '.js', '.mjs', '.cjs', '.ts', '.json', '/index.js', '/index.ts'];

/** What to tell somebody whose code asks for a module that is not there; `message` is Node.js's. */
export function missingModuleAdvice(
  message: string,
  entry: string,
  codeDirectory: string,
  contents: ArchiveContents,
): string | undefined {
  const wanted = /^Cannot find (?:module|package) '([^']+)'/.exec(message)?.[1];
  if (wanted === undefined) return undefined;
  if (/^\.{0,2}\//.test(wanted)) {
    const importer = /\n- (.*)/.exec(message)?.[1] ?? codeDirectory;
    const path = posix.relative(codeDirectory, posix.resolve(posix.dirname(importer), wanted));
    return missingFileAdvice(path, entry, contents);
  }
  if (alias.test(wanted)) return `Paths of tsconfig.json are for compilers. ${howToBundle(entry)}`;
  const name = packageName.exec(wanted)?.[0] ?? wanted;
  if (memberOf(contents.manifest.devDependencies, name) !== undefined) {
    return `The package ${shownName(name)} is a development dependency: move it to the dependencies of package.json and pack again.`;
  }
  return (
    `The package ${shownName(name)} is not in the archive: run npm install ${shownName(name)} in the function's folder ` +
    'and pack that with scripts/zip.mjs, which puts the packages in.'
  );
}

function missingFileAdvice(path: string, entry: string, contents: ArchiveContents): string {
  const { paths } = contents;
  const exact = endings.map((ending) => path + ending).find((name) => paths.includes(name));
  if (exact !== undefined) return `ES modules name files with their ending: ${shownName(exact)}.`;
  const source = path.replace(/\.([cm]?)js$/, '.$1ts');
  if (source !== path && paths.includes(source))
    return `The archive has ${shownName(source)}. ${howToBundle(entry)}`;
  const folded = endings.map((ending) => (path + ending).toLowerCase());
  const other = paths.find((name) => folded.includes(name.toLowerCase()));
  if (other !== undefined) return `Upper and lower case count: the archive has ${shownName(other)}.`;
  return contentsSentence(contents);
}
