import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type ForwardedUrl, setCaller } from '../../common/auth/caller.js';
import { everyFunction, noFunction, type Scope } from '../../common/auth/permissions.js';
import { isLoopback } from '../../common/network/host.js';
import { type RouteAccess, routeAccessOf } from '../../common/auth/route-access.js';
import { DomainError } from '../../common/errors/domain-error.js';
import { UnsentBytes } from '../../common/unsent/unsent-bytes.js';
import { DenialLog } from '../audit/denial-log.js';
import { authSettings, type AuthSettings } from '../auth.settings.js';
import { credentialIn, type HeldKey } from '../keys/api-key.js';
import { KeyRing } from '../keys/key-ring.js';
import { RequestLimits } from '../rate-limits/request-limits.js';
import { keyProblem, type Wanted } from './authorization.js';
import { type AddressSet, parseAddressSet, wayOfRequest, type WayOfRequest } from './client-address.js';
import { forwardedUrl } from './forwarded-url.js';

const noAddress: AddressSet = () => false;

const everyScope: readonly Scope[] = ['admin'];
const noScope: readonly Scope[] = [];

/** A route that was found, and the `name` in its path. */
export interface FoundRoute {
  readonly access: RouteAccess | undefined;
  readonly functionName: string | undefined;
}

/**
 * Who may come in. Without any key everybody whom the address lets through may do everything; from the first key on a
 * request needs one with the right scope, for the right function. Decided before anything of the request's body is read.
 */
@Injectable()
export class AccessControl {
  private readonly isTrustedProxy: AddressSet;

  constructor(
    private readonly keys: KeyRing,
    private readonly limits: RequestLimits,
    private readonly refusals: DenialLog,
    private readonly unsent: UnsentBytes,
    @Inject(authSettings.config.KEY) settings: AuthSettings,
  ) {
    this.isTrustedProxy = parseAddressSet(settings.trustedProxies) ?? noAddress;
  }

  /**
   * Lets a request to a route come in, as the route says; one that says nothing answers nobody. Throws and returns as
   * `admit` does.
   */
  enter(
    { access, functionName }: FoundRoute,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> | undefined {
    switch (access?.kind) {
      case 'public':
        return this.welcome(request);
      case 'scope': {
        const isKeptByHandler = access.keptBy === 'handler';
        return this.admit(request, response, { scope: access.scope, functionName, isKeptByHandler });
      }
      case undefined:
        throw new DomainError('FORBIDDEN', 'This route is not open to anybody.');
      default:
        return access satisfies never;
    }
  }

  /**
   * Throws `UNAUTHENTICATED`, `FORBIDDEN` or `RATE_LIMITED`. A promise only when the keys have to be read again first,
   * which is at most once a second, so that the usual call waits for nothing.
   */
  admit(request: IncomingMessage, response: ServerResponse, wanted: Wanted): Promise<void> | undefined {
    const refreshing = this.keys.refresh();
    if (!refreshing) {
      this.admitNow(request, response, wanted);
      return undefined;
    }
    return refreshing.then(() => {
      this.admitNow(request, response, wanted);
    });
  }

  /** What trusted proxies say of the URL that the client called; undefined where there are none. */
  forwardedUrlOf(request: IncomingMessage): ForwardedUrl | undefined {
    const { proxies } = this.wayOf(request);
    return proxies > 0 ? forwardedUrl(request.headers, proxies) : undefined;
  }

  /** For a request that came under a foreign name or from a foreign page; gives the error that answers it. */
  refuseHost(request: IncomingMessage, response: ServerResponse, reason: string): DomainError {
    const { address } = this.wayOf(request);
    return this.refusal(request, response, new DomainError('UNKNOWN_HOST', reason), { address });
  }

  /** Nobody is refused on a public route, but what it shows may depend on who asks. */
  private async welcome(request: IncomingMessage): Promise<void> {
    await this.keys.refresh();
    const shown = this.keys.inForce ? credentialIn(request.headers) : undefined;
    this.introduce(request, this.wayOf(request), shown === undefined ? undefined : this.keys.verify(shown));
  }

  private admitNow(request: IncomingMessage, response: ServerResponse, wanted: Wanted): void {
    const way = this.wayOf(request);
    const { address } = way;
    const held = this.keys.inForce ? this.authenticated(request, response, address) : undefined;
    this.introduce(request, way, held);
    // Whoever sits at the machine and has made no key is its owner, who may be as quick as he likes.
    if (held || !isLoopback(address)) this.limits.take(wanted.scope, held?.key.id ?? address, response);
    const problem = held && keyProblem(held, wanted);
    if (!problem) {
      this.unsent.requireRead(held?.key.id);
      return;
    }
    if (problem.lacksScope) {
      response.setHeader('WWW-Authenticate', `Bearer error="insufficient_scope", scope="${wanted.scope}"`);
    }
    throw this.refusal(request, response, problem.error, { address, keyId: held.key.id });
  }

  /** Whoever has no key may do everything as long as there is none, and nothing afterwards. */
  private introduce(
    request: IncomingMessage,
    { address, proxies }: WayOfRequest,
    held: HeldKey | undefined,
  ): void {
    const isOwner = held === undefined && !this.keys.inForce;
    setCaller(request, {
      keyId: held?.key.id,
      address,
      scopes: held?.key.scopes ?? (isOwner ? everyScope : noScope),
      reach: held?.reach ?? (isOwner ? everyFunction : noFunction),
      forwarded: proxies > 0 ? forwardedUrl(request.headers, proxies) : undefined,
    });
  }

  private authenticated(request: IncomingMessage, response: ServerResponse, address: string): HeldKey {
    const shown = credentialIn(request.headers);
    const held = shown === undefined ? undefined : this.keys.verify(shown);
    if (held) return held;
    this.limits.takeFailure(address, response);
    const isShown = shown !== undefined;
    response.setHeader('WWW-Authenticate', isShown ? 'Bearer error="invalid_token"' : 'Bearer');
    const error = new DomainError(
      'UNAUTHENTICATED',
      isShown
        ? 'The key is not valid: it is none of this server, has expired or was revoked.'
        : 'Show a key in the header "Authorization: Bearer <key>" or "X-Glambdar-Key: <key>".',
    );
    throw this.refusal(request, response, error, { address });
  }

  private refusal(
    request: IncomingMessage,
    response: ServerResponse,
    error: DomainError,
    { keyId, address }: { readonly keyId?: string; readonly address: string },
  ): DomainError {
    this.refusals.note(request, response, { code: error.code, keyId, address });
    return error;
  }

  private wayOf(request: IncomingMessage): WayOfRequest {
    const forwardedFor = request.headers['x-forwarded-for'];
    return wayOfRequest(
      request.socket.remoteAddress ?? '',
      typeof forwardedFor === 'string' ? forwardedFor : undefined,
      this.isTrustedProxy,
    );
  }
}

/** Stands before every route of every controller. A route that does not say who may call it answers nobody. */
@Injectable()
export class AuthGuard implements CanActivate {
  constructor(private readonly control: AccessControl) {}

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const http = context.switchToHttp();
    const access = routeAccessOf(context.getHandler());
    const request = http.getRequest<Request>();
    const { name } = request.params;
    const functionName = typeof name === 'string' ? name : undefined;
    const entering = this.control.enter({ access, functionName }, request, http.getResponse<Response>());
    return entering ? entering.then(() => true) : true;
  }
}
