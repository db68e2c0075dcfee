import { isIPv6 } from 'node:net';
import { domainToASCII } from 'node:url';
import { isLocalhost, isLoopback, parseHost } from '../../common/network/host.js';

/** An entry of a function's setting `egress`: where it may connect to. */
export interface EgressRule {
  /** `public`: every public address. `subdomains`: every name below `host`, and not `host` itself. */
  readonly kind: 'public' | 'subdomains' | 'host';
  /** Lower case; empty for `public`. */
  readonly host: string;
  readonly ports: number | 'web' | 'any';
}

/**
 * How far a function may go to a host. `named`: its rules name it, so the server's own list of private ranges counts.
 * `public`: as any public address. `none`: not at all.
 */
export type EgressPermission = 'named' | 'public' | 'none';

/** Ports of a rule that names none: HTTP and HTTPS. */
const webPorts = [80, 443];

const maxPort = 65_535;

/** `host`, `[IPv6 address]`, then perhaps `:` and a port or `*`. */
const form = /^(?:\[([^[\]]+)\]|([^[\]:]+))(?::(\*|[1-9]\d{0,4}))?$/;

/** Reads `api.example.com`, `*.example.com:8443`, `192.0.2.7:5432`, `[2001:db8::1]:*` or `public`; else undefined. */
export function parseEgressRule(text: string): EgressRule | undefined {
  const [, bracketed, plain = '', port] = form.exec(text) ?? [];
  const ports = port === undefined ? 'web' : port === '*' ? 'any' : Number(port);
  if (typeof ports === 'number' && ports > maxPort) return undefined;
  if (bracketed !== undefined) return bracketed.includes(':') ? hostRule(bracketed, ports) : undefined;
  if (plain === 'public') return { kind: 'public', host: '', ports };
  if (plain.startsWith('*.')) return subdomainsRule(plain.slice(2), ports);
  return hostRule(plain, ports);
}

/** `host` is a name or an address as `parseHost` gives it; without a port, whether any port of it is allowed. */
export function egressPermission(
  rules: readonly EgressRule[],
  host: string,
  port: number | undefined,
): EgressPermission {
  const matching = rules.filter((rule) => matchesPort(rule, port) && matchesHost(rule, host));
  if (matching.some(({ kind }) => kind !== 'public')) return 'named';
  return matching.length > 0 ? 'public' : 'none';
}

function hostRule(text: string, ports: EgressRule['ports']): EgressRule | undefined {
  const host = parseHost(text);
  return host && { kind: 'host', host: host.text, ports };
}

/** Of at least two labels: `*.com` would be everybody. */
function subdomainsRule(text: string, ports: EgressRule['ports']): EgressRule | undefined {
  const host = parseHost(text);
  if (host?.kind !== 'name' || !host.text.includes('.')) return undefined;
  return { kind: 'subdomains', host: host.text, ports };
}

function matchesPort({ ports }: EgressRule, port: number | undefined): boolean {
  if (port === undefined || ports === 'any') return true;
  return ports === 'web' ? webPorts.includes(port) : ports === port;
}

function matchesHost(rule: EgressRule, host: string): boolean {
  switch (rule.kind) {
    case 'public':
      return true;
    case 'subdomains':
      return host.endsWith(`.${rule.host}`);
    case 'host':
      return host === rule.host;
    default:
      return rule.kind satisfies never;
  }
}

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
    `brackets), optionally followed by a colon and a port or *${hint === undefined ? shown : `; ${hint}`}`
  );
}

/** What whoever wrote a refused entry is likely to want, as a part of a sentence; undefined where nobody can tell. */
function egressHint(entry: string): string | undefined {
  // Never shown again: a connection string has a password in it.
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(entry)) return `write ${hostOf(entry)}, not a URL`;
  if (/^(?:unix:|\.{0,2}\/)/.test(entry)) {
    return "a Unix socket of the server's machine is out of reach, since functions connect by TCP";
  }
  if (/^[0-9a-f.:]+\/\d+$/i.test(entry)) return 'a range of addresses is not allowed: name the hosts';
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

/** Whether a rule is about the loopback and names no port of it, so that all it could lead to is the container itself. */
export function leadsInside(rule: EgressRule): boolean {
  return isOfLoopback(rule) && rule.ports === 'any';
}

/**
 * Loopback ports that a function's rules name, each with the host that it is to be asked for by. Inside a container
 * loopback is the container itself; a rule that names a port of it means the server's machine. A rule for every port names
 * none, or a function could not talk to itself any more. Of several rules for one port the first counts.
 */
export function loopbackHosts(rules: readonly EgressRule[]): Readonly<Record<string, string>> {
  const named = rules.filter(isOfLoopback).reverse();
  return Object.fromEntries(
    named.flatMap(({ host, ports }) => portsOf(ports).map((port) => [String(port), host])),
  );
}

function isOfLoopback({ kind, host }: EgressRule): boolean {
  return kind === 'host' && (isLoopback(host) || isLocalhost(host));
}

function portsOf(ports: EgressRule['ports']): readonly number[] {
  if (ports === 'any') return [];
  return ports === 'web' ? webPorts : [ports];
}
