/**
 * The part of a path before the page's own: empty, or where a proxy serves the server (`/fn` of `/fn/ui/functions`).
 * A function may be called `ui`, so the first such segment counts.
 */
export function prefixOf(pathname: string): string {
  const at = pathname.search(/\/ui(\/|$)/);
  return at < 0 ? '' : pathname.slice(0, at);
}

/** Specs have no address. */
const pathname = typeof location === 'undefined' ? '/ui/' : location.pathname;

/** What precedes every path of the server. */
export const serverPrefix = prefixOf(pathname);

const base = `${serverPrefix}/ui`;

/** Which links change the page without loading it anew; `/docs`, for example, is another page. */
export const ownLinks = new RegExp(`^${escaped(base)}(/|$)`);

/** Patterns for the router. */
export const routes = {
  overview: base,
  functions: `${base}/functions`,
  oneFunction: `${base}/functions/:name/:tab?`,
  system: `${base}/system/:tab?`,
} as const;

/** Addresses for links. */
export const pathTo = {
  overview: () => `${base}/`,
  functions: () => routes.functions,
  oneFunction: (name: string, tab?: string) => joined(`${base}/functions`, encodeURIComponent(name), tab),
  /** Opens an event over the list of its function's. */
  event: (name: string, id: string) =>
    `${pathTo.oneFunction(name, 'events')}?event=${encodeURIComponent(id)}`,
  system: (tab?: string) => joined(base, 'system', tab),
  docs: () => `${serverPrefix}/docs`,
};

/** The router decodes every segment, and throws where that is impossible. */
export function isDecodable(path: string): boolean {
  try {
    decodeURIComponent(path);
    return true;
  } catch {
    return false;
  }
}

function joined(...segments: readonly (string | undefined)[]): string {
  return segments.filter((segment) => segment !== undefined).join('/');
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}
