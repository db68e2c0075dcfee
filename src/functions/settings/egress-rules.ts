import { isIPv6 } from 'node:net';
import { domainToASCII } from 'node:url';
import { parseEgressRule } from './egress-rule.js';

export const maxEgressRules = 100;

/** Of a rule in a message: whoever wrote it knows it by its beginning. */
const shownLength = 64;

/** The rule that a function's allow-list breaks, as a sentence without its end; undefined if none. */
export function egressProblem(egress: unknown): string | undefined {
  if (!Array.isArray(egress) || egress.length > maxEgressRules) {
    return `egress must be a list of at most ${maxEgressRules} texts`;
  }
  const wrong = (egress as unknown[]).find((rule) => typeof rule !== 'string' || !parseEgressRule(rule));
  if (wrong === undefined && egress.every((rule) => rule !== undefined)) return undefined;
  const hint = typeof wrong === 'string' ? egressHint(wrong) : undefined;
  const shown = typeof wrong === 'string' ? `, unlike ${JSON.stringify(wrong.slice(0, shownLength))}` : '';
  return (
    'each entry of egress must be public, a host name in ASCII, *. and a name of two labels or more, or an IP address (IPv6 in ' +
    `brackets), and perhaps a colon and a port or *${hint === undefined ? shown : `; ${hint}`}`
  );
}

/** What whoever wrote a refused entry is likely to want, as a part of a sentence; undefined where nobody can tell. */
function egressHint(entry: string): string | undefined {
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
