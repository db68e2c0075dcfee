import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { isIPv6 } from 'node:net';
import type { ForwardedUrl } from '../../common/auth/caller.js';
import { isLoopback } from '../../common/network/host.js';
import type { DomainError } from '../../common/errors/domain-error.js';
import type { AccessControl } from './access-control.js';
import { type AllowedHosts, originOf, originOfPage, parseAllowedHosts } from './allowed-hosts.js';

const namelessPage =
  'The request comes from a web page whose origin the browser does not name, such as a page of a function (GLAMBDAR_FUNCTION_PAGES), a sandboxed frame or a file; no such page may call the server.';

/**
 * Why a request must not be served, or undefined. A web page can make its visitor's browser send requests to this
 * machine under a name of the page's own (DNS rebinding).
 * The address at which a request has arrived is nobody's name: load balancers probe a server by it.
 */
export function hostRefusal(
  headers: IncomingHttpHeaders,
  { names }: AllowedHosts,
  localAddress?: string,
): string | undefined {
  const host = withoutPort(headers.host ?? '');
  if (names.has(host) || host === urlHostOf(localAddress)) return undefined;
  return 'The server is not known by the host name of this request; call it as localhost, or add the name to GLAMBDAR_ALLOWED_HOSTS.';
}

/**
 * Why a request must not be served, or undefined: it comes from a page of another origin, which is told by headers that
 * a page cannot forge. A port makes another origin, because what listens there is another program. `forwarded` gives
 * what trusted proxies say of the URL, and is asked only where it matters.
 */
export function pageRefusal(
  headers: IncomingHttpHeaders,
  { origins }: AllowedHosts,
  forwarded: () => ForwardedUrl | undefined,
): string | undefined {
  const { origin } = headers;
  // The browser has compared already, with the URL that it called, whatever proxies have made of that.
  if (headers['sec-fetch-site'] === 'same-origin') return undefined;
  if (origin === undefined && !isForPageElsewhere(headers)) return undefined;
  const page = origin === undefined ? originOfPage(headers.referer ?? '') : originOf(origin);
  if (page === undefined) return namelessPage;
  if (origins.has(page) || page === reachedOrigin(headers, forwarded())) return undefined;
  return `The request comes from a web page of another origin; if that page may call the server, add ${page} to GLAMBDAR_ALLOWED_HOSTS.`;
}

/** Images and scripts of a page are asked for without an origin. A link that somebody follows is no such thing. */
function isForPageElsewhere(headers: IncomingHttpHeaders): boolean {
  const site = headers['sec-fetch-site'];
  return (site === 'cross-site' || site === 'same-site') && headers['sec-fetch-mode'] !== 'navigate';
}

/** The origin of the URL that the client called. */
function reachedOrigin({ host = '' }: IncomingHttpHeaders, forwarded: ForwardedUrl | undefined) {
  return originOf(`${forwarded?.scheme ?? 'http'}://${forwarded?.host ?? host}`);
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

/** Why a request must not be served under the host it names or for the page it comes from; a refusal is noted. */
export type HostProblem = (
  request: IncomingMessage,
  response: ServerResponse,
  isCall: boolean,
) => DomainError | undefined;

/**
 * Browsers reach the loopback address of their own machine, and without keys nothing else stands before the routes.
 * On other addresses hosts are checked where they are known, and pages of strangers may call functions, which are
 * theirs to call as the function says; nowhere may they call anything else.
 */
export function hostProblemOf(list: string, control: AccessControl): HostProblem {
  const allowed = parseAllowedHosts(list);
  if (!allowed) throw new Error('The list of allowed hosts was not checked.');
  return (request, response, isCall) => {
    const { localAddress } = request.socket;
    const isChecked = allowed.namesHosts || isLoopback(localAddress ?? '');
    const refusal =
      (isChecked ? hostRefusal(request.headers, allowed, localAddress) : undefined) ??
      (isChecked || !isCall
        ? pageRefusal(request.headers, allowed, () => control.forwardedUrlOf(request))
        : undefined);
    return refusal === undefined ? undefined : control.refuseHost(request, response, refusal);
  };
}
