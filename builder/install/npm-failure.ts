import type { InstallOrder } from '../../src/builds/protocol/messages.js';
import { tooLittleRoom } from '../step-failure.js';

/** Most of what npm says that goes into the message; all of it is in the log. */
const maxSaidLength = 400;

const reach =
  "A build reaches only the registries that the server's operator names in GLAMBDAR_BUILD_REGISTRIES.";

const orBring = 'Deploy again later, or with node_modules in the archive.';
const tooSlow = `The registry did not answer in time (GLAMBDAR_BUILD_FETCH_TIMEOUT_SECONDS). ${orBring}`;
const broken = `The registry could not be reached, or does not work at the moment. ${orBring} If that does not help, ask the server's operator whether GLAMBDAR_BUILD_REGISTRIES names the right one.`;
const aboutRegistry: ReadonlySet<string> = new Set([tooSlow, broken]);

/** What to do about npm's errors, by their code. */
const advice: Readonly<Record<string, string>> = {
  EUSAGE: 'Run `npm install` where you develop, and deploy with the lock file that it writes.',
  E404: 'Check the name and the version in package.json.',
  ETARGET: 'Check the version in package.json.',
  ERESOLVE:
    'Change the versions in package.json so that they fit together, or add a .npmrc with legacy-peer-deps=true.',
  EBADENGINE: 'Choose another runtime for the function, or another version of the package.',
  EINTEGRITY:
    'The package is not the one that the lock file names. Write a new lock file with `npm install`.',
  EJSONPARSE: 'Correct the file so that it is valid JSON.',
  ENOSPC: tooLittleRoom,
  E401: 'The registry asks for a sign-in, which a build does not have. ' + reach,
  E403: reach,
  E500: broken,
  E502: broken,
  E503: broken,
  E504: broken,
  ECONNREFUSED: broken,
  ENOTFOUND: broken,
  ETIMEDOUT: tooSlow,
  ERR_SOCKET_TIMEOUT: tooSlow,
  EIDLETIMEOUT: tooSlow,
  ECONNECTIONTIMEOUT: tooSlow,
  ERESPONSETIMEOUT: tooSlow,
  ETRANSFERTIMEOUT: tooSlow,
  ECONNRESET: broken,
};

const viaGit =
  'A package comes from Git, which a build does not have. Take it from a registry, or deploy with node_modules in the archive and `build` set to "none".';

/** What to do about errors that have no code of their own, by what npm says. */
const adviceByWords: readonly (readonly [RegExp, string])[] = [
  [/git error|git dep|spawn git/, viaGit],
  [/network timeout|(?:Socket|Idle|Response) timeout/i, tooSlow],
  [/ENOSPC|no space left on device/, tooLittleRoom],
];

/** Lines about npm itself, and the word before others that says once more what kind of error it is. */
const aboutNpm = /^(?:code|errno|syscall|path|signal|command|A complete log|Log files were not written)\b/;
const kindOfError = /^(?:notarget|network|enoent|nospc|\d{3})(?: +|$)/;

/** What npm's last words mean to whoever deploys. `printed` is the end of what it wrote to standard error. */
export function npmFailure(
  { command, registry }: Pick<InstallOrder, 'command' | 'registry'>,
  printed: string,
  exit: NpmExit,
): string {
  if (exit.signal !== null) return endedBySignal(command, exit.signal);
  const errors = printed
    .split('\n')
    .filter((line) => /^npm (?:error|ERR!)/.test(line))
    .map((line) => line.replace(/^npm (?:error|ERR!) ?/, '').trim());
  const code = /^code (\S+)$/m.exec(errors.join('\n'))?.[1] ?? '';
  const words = errors.join(' ');
  const said = errors.filter((line) => !aboutNpm.test(line)).map((line) => line.replace(kindOfError, ''));
  const wanted = adviceByWords.find(([pattern]) => pattern.test(words))?.[1] ?? advice[code] ?? '';
  const failed = `npm ${command} failed with exit code ${exit.code ?? 'unknown'}.`;
  // npm does not always say whom it has asked.
  const asked = aboutRegistry.has(wanted) && !words.includes('://') ? `npm asks ${registry}.` : '';
  return [failed, sentence(firstParagraph(said)), asked, wanted].filter((part) => part !== '').join(' ');
}

export interface NpmExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

function endedBySignal(command: string, signal: NodeJS.Signals): string {
  const why =
    signal === 'SIGKILL'
      ? 'Most likely the build needed more memory than GLAMBDAR_BUILD_MEMORY_MIB allows; use fewer packages, or ask the operator to raise it.'
      : 'Deploy again.';
  return `npm ${command} was ended by ${signal}. ${why}`;
}

function firstParagraph(lines: readonly string[]): string {
  const start = lines.findIndex((line) => line !== '');
  if (start < 0) return '';
  const end = lines.indexOf('', start);
  return lines.slice(start, end < 0 ? undefined : end).join(' ');
}

function sentence(text: string): string {
  if (text === '') return '';
  const short = text.length > maxSaidLength ? `${text.slice(0, maxSaidLength)}…` : text;
  return /[.!?…]$/.test(short) ? short : `${short}.`;
}
