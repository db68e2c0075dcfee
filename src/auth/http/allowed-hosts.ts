import { isLoopback } from '../../common/network/host.js';

const originForm = /^https?:\/\/(?:[a-z0-9._-]{1,253}|\[[0-9a-f:.]{2,45}\])(?::\d{1,5})?$/i;

/** The origin as browsers write it, without the port that is its scheme's own; undefined for `null` and what is none. */
export function originOf(text: string): string | undefined {
  return originForm.test(text) ? URL.parse(text)?.origin : undefined;
}

/** The origin of a page, of which all of the URL is known. */
export function originOfPage(url: string): string | undefined {
  return originOf(/^[^/]+\/\/[^/?#]+/.exec(url)?.[0] ?? '');
}

/** The names by which clients may call the server, and the pages besides its own that may call it. */
export interface AllowedHosts {
  /** Host names in lower case, without ports. */
  readonly names: ReadonlySet<string>;
  /** Origins of pages, as browsers write them. */
  readonly origins: ReadonlySet<string>;
  /** Whether the operator has named hosts, so that any other name is foreign. */
  readonly namesHosts: boolean;
  /** Whether any of it belongs to another machine. */
  readonly namesOthers: boolean;
}

export const allowedHostsRule =
  'host names (fn.example.com, fn.example.com:8443) and origins of pages (https://app.example.com), separated by commas';

const loopbackNames: readonly string[] = ['localhost', '127.0.0.1', '[::1]'];

const entryForm = /^(?:(https?):\/\/)?([a-z0-9._-]{1,253}|\[[0-9a-f:.]{2,45}\])(:\d{1,5})?$/;

/**
 * What a comma-separated list allows besides this machine's own names; undefined where an entry is neither of the two. A
 * name is both: the server may be called by it, and so may its pages call, at the ports of HTTP and HTTPS or at the one
 * that the entry has. What has a scheme is the origin of pages, and no name of the server.
 */
export function parseAllowedHosts(list: string): AllowedHosts | undefined {
  const names = new Set(loopbackNames);
  const origins = new Set<string>();
  let namesHosts = false;
  let namesOthers = false;
  const entries = list
    .toLowerCase()
    .split(',')
    .filter((entry) => entry.trim() !== '');
  for (const entry of entries) {
    const [, scheme, host, port = ''] = entryForm.exec(entry.trim()) ?? [];
    if (host === undefined) return undefined;
    for (const one of scheme === undefined ? ['http', 'https'] : [scheme]) {
      const origin = originOf(`${one}://${host}${port}`);
      if (origin === undefined) return undefined;
      origins.add(origin);
    }
    if (scheme === undefined) names.add(host);
    namesHosts ||= scheme === undefined;
    namesOthers ||= !isLoopbackName(host);
  }
  return { names, origins, namesHosts, namesOthers };
}

function isLoopbackName(host: string): boolean {
  return host === 'localhost' || isLoopback(host.replace(/^\[|\]$/g, ''));
}
