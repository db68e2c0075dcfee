import type { FunctionFailure } from '../../src/ipc/protocol/messages.js';
import type { ArchiveContents } from './archive-contents.js';
import { howToBundle } from './bundling.js';
import { missingModuleAdvice } from './missing-module.js';

/** What is known of code that threw while it was loaded. */
export interface LoadFailure extends FunctionFailure {
  /** Node.js's, of errors of its own. */
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

/** What its author should change, where the error is one that many people meet; in the order in which they are asked. */
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
