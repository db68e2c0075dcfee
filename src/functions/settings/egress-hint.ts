import { isIPv6 } from 'node:net';
import { domainToASCII } from 'node:url';

/** What whoever wrote a refused entry is likely to want, as a part of a sentence; undefined where nobody can tell. */
export function egressHint(entry: string): string | undefined {
  // Never shown again: a connection string has a password in it.
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(entry)) return `write ${hostOf(entry)}, not a URL`;
  if (/^(?:unix:|\.{0,2}\/)/.test(entry)) {
    return "a Unix socket of the server's machine is out of reach, since functions connect by TCP";
  }
  if (/^[0-9a-f.:]+\/\d+$/i.test(entry)) return 'a range of addresses is no entry: name the hosts';
  if (isIPv6(entry)) return `write "[${entry}]"`;
  const everything = /^\*(:\d+|:\*)?$/.exec(entry);
  if (everything) return `write "public${everything[1] ?? ''}" for every public address`;
  const ascii = /[^\0-\x7f]/.test(entry) ? domainToASCII(entry) : '';
  return ascii === '' ? undefined : `write "${ascii}"`;
}

function hostOf(url: string): string {
  const { hostname = '', port = '' } = URL.parse(url) ?? {};
  return hostname === '' ? 'the host and its port' : `"${hostname}${port === '' ? '' : `:${port}`}"`;
}
