/** What of a call's target is whose. */
export interface CallTarget {
  /** As the client means it: decoded, but not yet checked. */
  readonly functionName: string;
  /** What follows `/invoke/:name`, as it was sent, nothing decoded; `/` if nothing does. */
  readonly rawPath: string;
  /** Without the question mark, as it was sent. */
  readonly rawQueryString: string;
}

/** A target may name scheme and host as well: `GET http://host/path` (RFC 9112, section 3.2.2). */
const origin = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i;

/** Routes are found whatever the case of their letters. */
const call = /^\/invoke\/([^/?]+)([^?]*)(?:\?(.*))?$/is;

/** Takes apart the target of a request for a call, however it is spelled; undefined for every other target. */
export function callTargetOf(target: string): CallTarget | undefined {
  const match = call.exec(target.startsWith('/') ? target : target.replace(origin, ''));
  if (!match) return undefined;
  const [, name = '', path = '', query = ''] = match;
  return { functionName: decoded(name), rawPath: path === '' ? '/' : path, rawQueryString: query };
}

/** What does not decode is no name either, and is refused as it stands. */
function decoded(name: string): string {
  if (!name.includes('%')) return name;
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
