import type { IncomingHttpHeaders } from 'node:http';
import type { ForwardedUrl } from '../../common/auth/caller.js';

const hostForm =
  /^(?:[A-Za-z0-9_](?:[A-Za-z0-9._-]{0,251}[A-Za-z0-9_])?|\[[0-9A-Fa-f:.]{2,45}\])(?::\d{1,5})?$/;
const portForm = /^\d{1,5}$/;
/** Segments that are plain in a URL. Two slashes at the begin would make a host of what follows them. */
const prefixForm = /^(?:\/(?!\.{1,2}(?:\/|$))[A-Za-z0-9._~!$&'()*+;=:@%-]+)+$/;
const longestPrefix = 512;

const ownPorts: Readonly<Record<string, string>> = { http: '80', https: '443' };

/**
 * What trusted proxies have written about the URL that the client called. `proxies` of them stand in a row before this
 * server, and each may have added one entry at the end of a list; whatever stands left of those, anybody may have written.
 */
export function forwardedUrl(headers: IncomingHttpHeaders, proxies: number): ForwardedUrl {
  const outermost = (name: string) => entriesOf(headers, name, proxies)[0] ?? '';
  const scheme = outermost('x-forwarded-proto').toLowerCase();
  const isKnown = scheme === 'http' || scheme === 'https';
  const host = outermost('x-forwarded-host');
  const prefixes = entriesOf(headers, 'x-forwarded-prefix', proxies).map((one) => one.replace(/\/+$/, ''));
  const prefix = prefixes.join('');
  return {
    scheme: isKnown ? scheme : undefined,
    host: hostForm.test(host) ? withPort(host, outermost('x-forwarded-port'), scheme) : undefined,
    prefix: prefix.length <= longestPrefix && prefixForm.test(prefix) ? prefix : '',
  };
}

function entriesOf(headers: IncomingHttpHeaders, name: string, proxies: number): string[] {
  const value = headers[name];
  if (typeof value !== 'string') return [];
  return value
    .split(',')
    .map((entry) => entry.trim())
    .slice(-proxies);
}

/** Some proxies name the port apart from the host. */
function withPort(host: string, port: string, scheme: string): string {
  const isNamed = /:\d+$/.test(host);
  return isNamed || !portForm.test(port) || port === (ownPorts[scheme] ?? port) ? host : `${host}:${port}`;
}
