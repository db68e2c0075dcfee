import { posix } from 'node:path';
import type { FunctionFailure } from '../../src/ipc/protocol/messages.js';
import { type ArchiveContents, contentsSentence } from './archive-contents.js';
import { howToBundle, shownName } from './wording.js';
import { memberOf } from './entry-file.js';

/** Names that compilers alone resolve, by the `paths` of a `tsconfig.json`. */
const alias = /^(@\/|~|\$)/;
const packageName = /^(@[^/]+\/)?[^/]+/;
const endings = ['', '.js', '.mjs', '.cjs', '.ts', '.json', '/index.js', '/index.ts'];

/** Advice for code that imports a module that is not there; `message` is Node.js's. */
function missingModuleAdvice(
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
    `The package ${shownName(name)} is not in the archive: run npm install ${shownName(name)} in the function's folder, ` +
    'so that its package.json names it, and deploy again.'
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

/** What is known of code that threw while it was loaded. */
export interface LoadFailure extends FunctionFailure {
  /** That of Node.js's own errors. */
  readonly code: string;
  /** The handler's file. */
  readonly entry: string;
  readonly codeDirectory: string;
  readonly contents: ArchiveContents;
}

const compiled = /\.([jt]sx|[cm]?ts)$/;
const typeScriptCodes = [
  'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX',
  'ERR_INVALID_TYPESCRIPT_SYNTAX',
  'ERR_UNSUPPORTED_NODE_MODULES_TYPE_STRIPPING',
];

/** What the author should change, for common errors; tried in this order. */
const advisers: readonly ((failure: LoadFailure) => string | undefined)[] = [
  ({ errorMessage, entry, codeDirectory, contents }) =>
    missingModuleAdvice(errorMessage, entry, codeDirectory, contents),
  esModuleAdvice,
  commonJsAdvice,
  nativeAdvice,
  encodingAdvice,
  compilingAdvice,
];

export function loadAdvice(failure: LoadFailure): string | undefined {
  for (const adviser of advisers) {
    const advice = adviser(failure);
    if (advice !== undefined) return advice;
  }
  return undefined;
}

/** CommonJS words in an ES module. */
function esModuleAdvice({ errorMessage, entry, contents }: LoadFailure): string | undefined {
  const word = /^(exports|module|require|__filename|__dirname) is not defined in ES module/.exec(
    errorMessage,
  )?.[1];
  switch (word) {
    case undefined:
      return undefined;
    case 'require':
      return `Write \`import … from '…'\` in place of \`require\`, ${orCommonJs(entry, contents)}.`;
    case '__filename':
    case '__dirname':
      return `Write \`import.meta.${word.slice(2)}\` in place of \`${word}\`.`;
    default:
      return `Write \`export const handler = …\` in place of \`${word}\`, ${orCommonJs(entry, contents)}.`;
  }
}

function orCommonJs(entry: string, { manifest }: ArchiveContents): string {
  if (entry.endsWith('.mjs')) return 'or let the file end in .cjs';
  if (manifest.type === 'module') return 'or take "type": "module" out of package.json';
  return 'or take `import` and `export` out of the file: it may have one kind only';
}

/** `import` and `export` in what is CommonJS by its ending or its `package.json`. */
function commonJsAdvice({ errorType, errorMessage }: LoadFailure): string | undefined {
  const isIt =
    /^Cannot use import statement outside a module|^Unexpected token 'export'|^await is only valid/.test(
      errorMessage,
    );
  if (errorType !== 'SyntaxError' || !isIt) return undefined;
  return 'Let the file end in .mjs, or write "type": "module" into package.json.';
}

function nativeAdvice({ code }: LoadFailure): string | undefined {
  if (code !== 'ERR_DLOPEN_FAILED') return undefined;
  const { platform, arch } = process;
  return (
    `Native packages have to be those for ${platform} ${arch} with glibc: run npm install --os=${platform} ` +
    `--cpu=${arch} --libc=glibc in the function's folder and pack again.`
  );
}

/** Windows PowerShell writes UTF-16, which Node.js reads as nonsense. */
function encodingAdvice({ errorType, stack }: LoadFailure): string | undefined {
  const isUtf16 = errorType === 'SyntaxError' && /^[^\n]*:\d+\n\ufffd\ufffd/.test(stack);
  return isUtf16 ? 'The file is UTF-16: save it as UTF-8.' : undefined;
}

function compilingAdvice({ errorType, errorMessage, code, stack, entry }: LoadFailure): string | undefined {
  const source = /^(?:file:\/\/)?(\/[^\n]*):\d+\n/.exec(stack)?.[1] ?? '';
  const isSyntax = errorType === 'SyntaxError';
  if (typeScriptCodes.includes(code) || (isSyntax && compiled.test(source))) {
    return `Types are only left out of TypeScript; the rest of it has to be JavaScript. ${howToBundle(entry)}`;
  }
  if (code === 'ERR_UNKNOWN_FILE_EXTENSION' && /^Unknown file extension "\.[jt]sx"/.test(errorMessage)) {
    return howToBundle(entry);
  }
  if (isSyntax && errorMessage === "Unexpected token '<'") {
    return `If that is JSX, it has to be compiled. ${howToBundle(entry, '--loader:.js=jsx')}`;
  }
  if (isSyntax && compiled.test(entry) && errorMessage.includes('does not provide an export named')) {
    return 'If that is a type, import it by `import type`.';
  }
  return undefined;
}
