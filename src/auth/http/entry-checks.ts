import { Inject, Injectable } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { NextFunction, Request, Response } from 'express';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { isIPv6, type Socket } from 'node:net';
import type { ForwardedUrl } from '../../common/auth/caller.js';
import { isCallPath } from '../../common/auth/route-access.js';
import { DomainError } from '../../common/errors/domain-error.js';
import { canonicalAddress, isLoopback } from '../../common/network/host.js';
import { DenialLog } from '../audit/denial-log.js';
import { authSettings, type AuthSettings } from '../auth.settings.js';
import { type AllowedHosts, originOf, originOfPage, parseAllowedHosts } from './allowed-hosts.js';
import { TrustedProxies } from './trusted-proxies.js';

/** The server's own end of a connection. */
interface Arrival {
  /** The address as it is written in a URL; undefined if the connection is gone. */
  readonly host: string | undefined;
  readonly isLoopback: boolean;
}

/**
 * What a request asks for. `management`: the server's own routes and pages. `call`: a function, at the server's host.
 * `own-host`: a function at a host of its own, which is known as such.
 */
export type Asked = 'management' | 'call' | 'own-host';

/** What a request asks for, and whose pages may ask for it besides the server's. */
export interface EntryTarget {
  readonly asked: Asked;
  /** Whether pages of this origin may, as the browser names it; `null` where it does not. */
  readonly isOpenTo: (page: string) => boolean;
}

const toNoPage = () => false;

/** Targets that no other pages may ask for. */
export const closedToPages = {
  management: { asked: 'management', isOpenTo: toNoPage },
  call: { asked: 'call', isOpenTo: toNoPage },
  'own-host': { asked: 'own-host', isOpenTo: toNoPage },
} satisfies Record<Asked, EntryTarget>;

/**
 * Refuses requests that use a foreign host name or come from a foreign web page. Browsers reach the loopback address of
 * their own machine, and without keys nothing else protects the routes. On other addresses hosts are checked once the
 * operator has named any, and foreign pages may call functions, as each function allows, and nothing else.
 */
@Injectable()
export class HostCheck {
  private readonly allowed: AllowedHosts;
  /** A connection's address is parsed once, however many requests it carries. */
  private readonly arrivals = new WeakMap<Socket, Arrival>();

  constructor(
    private readonly proxies: TrustedProxies,
    private readonly denials: DenialLog,
    @Inject(authSettings.config.KEY) { allowedHosts }: AuthSettings,
  ) {
    const allowed = parseAllowedHosts(allowedHosts);
    if (!allowed) throw new Error('The list of allowed hosts was not checked.');
    this.allowed = allowed;
  }

  /** Why the request must not be served, or undefined. Denials are logged. */
  problemOf(
    request: IncomingMessage,
    response: ServerResponse,
    target: EntryTarget,
  ): DomainError | undefined {
    const reason = this.reasonAgainst(request, target);
    if (reason === undefined) return undefined;
    const error = new DomainError('UNKNOWN_HOST', reason);
    const { address } = this.proxies.sourceOf(request);
    this.denials.note(request, response, { code: error.code, keyId: undefined, address });
    return error;
  }

  /** Whether a page of another origin sends the request, which the operator has not named for one of the server's. */
  isFromForeignPage(request: IncomingMessage): boolean {
    return this.pageRefusalOf(request, closedToPages.management) !== undefined;
  }

  private pageRefusalOf(request: IncomingMessage, target: EntryTarget): string | undefined {
    return pageRefusal(request.headers, this.allowed, target, () => this.proxies.forwardedUrlOf(request));
  }

  private reasonAgainst(request: IncomingMessage, target: EntryTarget): string | undefined {
    const { headers } = request;
    const { asked } = target;
    const arrival = this.arrivalOf(request.socket);
    const isChecked = this.allowed.namesHosts || arrival.isLoopback;
    const isOfHost = isChecked && asked !== 'own-host';
    const refusal = isOfHost ? hostRefusal(headers, this.allowed, arrival.host) : undefined;
    if (refusal !== undefined || (!isChecked && asked !== 'management')) return refusal;
    return this.pageRefusalOf(request, target);
  }

  private arrivalOf(socket: Socket): Arrival {
    const known = this.arrivals.get(socket);
    if (known) return known;
    const address = canonicalAddress(socket.localAddress ?? '');
    const host = address !== undefined && isIPv6(address) ? `[${address}]` : address;
    const arrival = { host, isLoopback: address !== undefined && isLoopback(address) };
    this.arrivals.set(socket, arrival);
    return arrival;
  }
}

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
  arrivedAt: string | undefined,
): string | undefined {
  const host = withoutPort(headers.host ?? '');
  if (names.has(host) || host === arrivedAt) return undefined;
  return 'The server does not know the host name of this request as its own; call it as localhost, or add the name to GLAMBDAR_ALLOWED_HOSTS.';
}

/**
 * Why a request must not be served, or undefined: it comes from a page of another origin, as headers say that a page
 * cannot forge. A port makes another origin, because what listens there is another program. `forwarded` gives
 * what trusted proxies say of the URL, and is asked only where it matters.
 */
export function pageRefusal(
  headers: IncomingHttpHeaders,
  { origins }: AllowedHosts,
  { asked, isOpenTo }: EntryTarget,
  forwarded: () => ForwardedUrl | undefined,
): string | undefined {
  const { origin } = headers;
  // The browser has already compared the page with the URL it called, whatever proxies made of that URL.
  if (headers['sec-fetch-site'] === 'same-origin') return undefined;
  if (origin === undefined && !isForPageElsewhere(headers)) return undefined;
  const page = origin === undefined ? originOfPage(headers.referer ?? '') : originOf(origin);
  if (isOpenTo(page ?? origin ?? 'null')) return undefined;
  if (page === undefined) return namelessPage;
  if (origins.has(page) || page === reachedOrigin(headers, forwarded())) return undefined;
  const forOne = asked !== 'management' ? ', or to the setting cors of the function that it may call' : '';
  return `The request comes from a web page of another origin; if that page may call the server, add ${page} to GLAMBDAR_ALLOWED_HOSTS${forOne}.`;
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

function withoutPort(host: string): string {
  return host.replace(/:\d{1,5}$/, '').toLowerCase();
}

/**
 * The checks that every request passes before it is routed, calls and management alike, in this order: that it is one
 * unambiguous request, for a host name the server knows, and from no foreign page. Who sent it is checked by the route.
 */
@Injectable()
export class EntryChecks {
  constructor(private readonly hosts: HostCheck) {}

  /** Why it must not be served, or undefined. */
  problemOf(
    request: IncomingMessage,
    response: ServerResponse,
    target: EntryTarget,
  ): DomainError | undefined {
    return requestProblem(request) ?? this.hosts.problemOf(request, response, target);
  }

  /** As `HostCheck` says. */
  isFromForeignPage(request: IncomingMessage): boolean {
    return this.hosts.isFromForeignPage(request);
  }
}

/**
 * Installs the checks as middleware, because guards see neither requests for unknown routes nor pages that no controller
 * serves. Call it before any route is added: Express runs its layers in the order in which they were added.
 */
export function installEntryChecks(application: NestExpressApplication): void {
  const checks = application.get(EntryChecks);
  application.use((request: Request, response: Response, next: NextFunction) => {
    next(checks.problemOf(request, response, closedToPages[isCallPath(request.url) ? 'call' : 'management']));
  });
}

type RequestHead = Pick<IncomingMessage, 'rawHeaders' | 'headers' | 'httpVersion'>;

/** What is wrong with a request whatever it asks for. */
export function requestProblem(request: RequestHead): DomainError | undefined {
  return repeatsProblem(request) ?? codingProblem(request);
}

/**
 * Two hosts make a request ambiguous: a proxy may have used one, and this server the other. HTTP/1.1 requires one; Node
 * would refuse its lack by itself, but without an explanation. Of two credentials Node would keep the first.
 */
function repeatsProblem({ rawHeaders, httpVersion }: RequestHead): DomainError | undefined {
  let hosts = 0;
  let credentials = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index];
    if (name?.length === host.length && name.toLowerCase() === host) hosts += 1;
    if (name?.length === authorization.length && name.toLowerCase() === authorization) credentials += 1;
  }
  if (hosts > 1) return new DomainError('MALFORMED_REQUEST', 'The request names more than one host.');
  if (hosts === 0 && httpVersion === '1.1')
    return new DomainError('MALFORMED_REQUEST', 'The request names no host.');
  if (credentials > 1)
    return new DomainError(
      'MALFORMED_REQUEST',
      'The request has more than one header Authorization; send one, and a key beside it in X-Glambdar-Key.',
    );
  return undefined;
}

const host = 'host';
const authorization = 'authorization';

/**
 * Node decodes chunks and nothing else: a body with another transfer coding would reach its reader still encoded, and
 * look like the body itself (RFC 9112, section 6.1, asks for 501).
 */
function codingProblem({ headers }: RequestHead): DomainError | undefined {
  const coding = headers['transfer-encoding'];
  if (coding === undefined || coding.trim().toLowerCase() === 'chunked') return undefined;
  return new DomainError(
    'UNSUPPORTED_TRANSFER_CODING',
    'The server supports no transfer coding except "chunked"; send the body without the others, or compressed with a Content-Encoding.',
  );
}
