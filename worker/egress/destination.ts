import { isIP } from 'node:net';
import { domainToASCII } from 'node:url';

/** The options of `net.connect` that say where to connect. */
export interface ConnectOptions {
  readonly host?: string | null;
  readonly port?: number | string;
  /** Of a Unix socket, which is never outside. */
  readonly path?: string | null;
  readonly family?: number;
  readonly hints?: number;
  readonly lookup?: Lookup;
}

export type Lookup = (
  hostname: string,
  options: { readonly all: true; readonly family?: number; readonly hints?: number },
  found: (error: Error | null, addresses?: string | readonly { readonly address: string }[]) => void,
) => void;

export interface Destination {
  readonly host: string;
  readonly port: number;
}

/**
 * Loopback ports that lead to the server's machine and not to the container itself, because the function's rules name
 * them; each with the host to ask for.
 */
export type LoopbackHosts = Readonly<Record<string, string>>;

/** What a function needs to connect to the outside. */
export interface EgressRoute {
  /** The socket of the host's egress proxy. */
  readonly proxyPath: string;
  readonly loopback: LoopbackHosts;
}

/** Where a connection leads when it leaves the container; undefined if it stays inside. */
export function outsideDestination(
  { host, port, path }: ConnectOptions,
  loopback: LoopbackHosts,
): Destination | undefined {
  if (path !== undefined && path !== null) return undefined;
  // What Node refuses anyway gets Node's own error.
  if (port === undefined || !/^\d{1,5}$/.test(String(port))) return undefined;
  const isLoopback = host === undefined || host === null || isInside(host);
  const outside = isLoopback ? loopback[String(Number(port))] : asciiHost(host);
  return outside === undefined ? undefined : { host: outside, port: Number(port) };
}

/** Names and addresses of the container's own loopback. */
export function isInside(host: string): boolean {
  if (host === '' || /^(?:.+\.)?localhost\.?$/i.test(host)) return true;
  switch (isIP(host)) {
    case 4:
      return host.startsWith('127.') || host === '0.0.0.0';
    case 6:
      return /^(?:::1?|::ffff:127\..*|::ffff:7f[0-9a-f]{2}:.*)$/i.test(host);
    default:
      return false;
  }
}

/** `bücher.example` as the name servers know it. */
export function asciiHost(host: string): string {
  return isIP(host) > 0 ? host : domainToASCII(host) || host;
}
