/** What of a request's target is the function's. */
export interface FunctionTarget {
  /** What follows `/invoke/:name`, as it was sent, nothing decoded; `/` if nothing does. */
  readonly rawPath: string;
  /** Without the question mark, as it was sent. */
  readonly rawQueryString: string;
}

/** The path of a call, of a function whose name is written plainly, with what may follow it. */
const plainCall = /^\/invoke\/([A-Za-z0-9_-]+)(?:[/?]|$)/;

/** The name in the target of a call that is written plainly; undefined for every other target. */
export function calledFunction(target: string): string | undefined {
  return plainCall.exec(target)?.[1];
}

const prefixLength = '/invoke/'.length;

/** A target may name scheme and host as well: `GET http://host/path` (RFC 9112, section 3.2.2). */
const origin = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i;

/** Takes apart the target of a request that was routed to `/invoke/:name` or below it. */
export function functionTarget(target: string): FunctionTarget {
  const local = target.startsWith('/') ? target : target.replace(origin, '');
  const question = local.indexOf('?');
  const path = question < 0 ? local : local.slice(0, question);
  const slash = path.indexOf('/', prefixLength);
  return {
    rawPath: slash < 0 ? '/' : path.slice(slash),
    rawQueryString: question < 0 ? '' : local.slice(question + 1),
  };
}
