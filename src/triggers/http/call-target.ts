import type { DomainError } from '../../common/errors/domain-error.js';

/** What of a call's target is whose. */
export interface CallTarget {
  /** As the client means it: decoded, but not yet checked. */
  readonly functionName: string;
  /** What follows the function's root, as it was sent, nothing decoded; `/` if nothing does. */
  readonly rawPath: string;
  /** Without the question mark, as it was sent. */
  readonly rawQueryString: string;
  /** Whether the root is that of a host of the function's own, and not `/invoke/:name`. */
  readonly isOwnHost: boolean;
  /** Why nobody is called, which only those learn who may call. */
  readonly problem?: DomainError;
}

/** A target may name scheme and host as well: `GET http://host/path` (RFC 9112, section 3.2.2). */
const origin = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)/i;

/** Routes are found whatever the case of their letters. */
const call = /^\/invoke\/([^/?]+)([^?]*)(?:\?(.*))?$/is;

/** Takes apart the target of a request for a call, however it is spelled; undefined for every other target. */
export function callTargetOf(target: string): CallTarget | undefined {
  const match = call.exec(target.startsWith('/') ? target : target.replace(origin, ''));
  if (!match) return undefined;
  const [, name = '', path = '', query = ''] = match;
  return {
    functionName: decoded(name),
    rawPath: path === '' ? '/' : path,
    rawQueryString: query,
    isOwnHost: false,
  };
}

/** The parts of a target whose whole path is a function's. `*` asks about the host as a whole, and so about its root. */
export function rootTargetOf(target: string): Pick<CallTarget, 'rawPath' | 'rawQueryString'> {
  const own = target.startsWith('/') ? target : target.replace(origin, '');
  const mark = own.indexOf('?');
  const path = mark < 0 ? own : own.slice(0, mark);
  return {
    rawPath: path.startsWith('/') ? path : '/',
    rawQueryString: mark < 0 ? '' : own.slice(mark + 1),
  };
}

/** The host that a target names itself, perhaps with a port; undefined for the usual form, which is a path. */
export function authorityIn(target: string): string | undefined {
  return target.startsWith('/') ? undefined : origin.exec(target)?.[1];
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
