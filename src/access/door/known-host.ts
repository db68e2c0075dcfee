import type { IncomingHttpHeaders } from 'node:http';
import { isIPv6 } from 'node:net';

const loopbackNames: readonly string[] = ['localhost', '127.0.0.1', '[::1]'];

/** Host names, with no port, that a request may be sent to and a page may come from. */
export type HostNames = ReadonlySet<string>;

/** This machine's own names, and those of a comma-separated list. */
export function knownHosts(allowed: string): HostNames {
  const names = allowed.split(',').map((name) => name.trim().toLowerCase());
  return new Set([...loopbackNames, ...names.filter((name) => name !== '')]);
}

/**
 * Why a request must not be served, or undefined. A web page can make its visitor's browser send requests to this
 * machine, under its own name (DNS rebinding) or as a stranger; both can be told by headers that a page cannot forge.
 * The address at which a request has arrived is nobody's name: load balancers probe a server by it.
 */
export function hostRefusal(
  headers: IncomingHttpHeaders,
  known: HostNames,
  localAddress?: string,
): string | undefined {
  const host = withoutPort(headers.host ?? '');
  if (!known.has(host) && host !== urlHostOf(localAddress)) {
    return 'The server is not known by the host name of this request; call it as localhost, or add the name to GLAMBDAR_ALLOWED_HOSTS.';
  }
  if (!isFromKnownPage(headers, known)) {
    return 'The request comes from a web page of another host; if that page may call the server, add its host name to GLAMBDAR_ALLOWED_HOSTS.';
  }
  return undefined;
}

function isFromKnownPage(headers: IncomingHttpHeaders, known: HostNames): boolean {
  if (headers.origin !== undefined) return known.has(hostOfOrigin(headers.origin));
  // Images and scripts of a page are asked for without an origin. A link that somebody follows is no such thing.
  return headers['sec-fetch-site'] !== 'cross-site' || headers['sec-fetch-mode'] === 'navigate';
}

/** Empty for the origin `null` and for what is none. */
function hostOfOrigin(origin: string): string {
  return withoutPort(/^https?:\/\/([^/]+)$/i.exec(origin)?.[1] ?? '');
}

/** An address as a URL has it. */
function urlHostOf(address: string | undefined): string | undefined {
  if (address === undefined) return undefined;
  const plain = address.replace(/^::ffff:(?=\d+\.)/, '');
  return isIPv6(plain) ? `[${plain}]` : plain;
}

function withoutPort(host: string): string {
  return host.replace(/:\d{1,5}$/, '').toLowerCase();
}
