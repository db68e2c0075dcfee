import { Inject, Injectable } from '@nestjs/common';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setCaller } from '../../common/access/caller.js';
import { isLoopback } from '../../common/access/loopback.js';
import type { RouteAccess } from '../../common/access/route-access.js';
import { grants, type Scope } from '../../common/access/scope.js';
import { DomainError } from '../../common/errors/domain-error.js';
import { accessSettings, type AccessSettings } from '../access.settings.js';
import { Refusals } from '../audit/refusals.js';
import type { ApiKey } from '../key/api-key.js';
import { KeyRing } from '../key/key-ring.js';
import { RequestLimits } from '../rate/request-limits.js';
import { parseAddressSet, wayOfRequest, type AddressSet, type WayOfRequest } from './client-address.js';
import { forwardedUrl } from './forwarded-url.js';

const noAddress: AddressSet = () => false;

/**
 * Who may come in. Without any key everybody whom the address lets through may do everything; from the first key on a
 * request needs one with the right scope. Decided before anything of the request's body is read.
 */
@Injectable()
export class AccessControl {
  private readonly isTrustedProxy: AddressSet;

  constructor(
    private readonly keys: KeyRing,
    private readonly limits: RequestLimits,
    private readonly refusals: Refusals,
    @Inject(accessSettings.config.KEY) settings: AccessSettings,
  ) {
    this.isTrustedProxy = parseAddressSet(settings.trustedProxies) ?? noAddress;
  }

  /**
   * Lets a request to a route come in, as the route says; one that says nothing answers nobody. Throws and returns as
   * `admit` does.
   */
  enter(
    access: RouteAccess | undefined,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> | undefined {
    switch (access?.kind) {
      case 'public':
        this.setCaller(request, this.wayOf(request), undefined);
        return undefined;
      case 'scope':
        return this.admit(request, response, access.scope);
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
  admit(request: IncomingMessage, response: ServerResponse, needed: Scope): Promise<void> | undefined {
    const refreshing = this.keys.refresh();
    if (!refreshing) {
      this.admitNow(request, response, needed);
      return undefined;
    }
    return refreshing.then(() => {
      this.admitNow(request, response, needed);
    });
  }

  /** For a request that came under a foreign name or from a foreign page; gives the error that answers it. */
  refuseHost(request: IncomingMessage, response: ServerResponse, reason: string): DomainError {
    const { address } = this.wayOf(request);
    return this.refusal(request, response, new DomainError('UNKNOWN_HOST', reason), { address });
  }

  private admitNow(request: IncomingMessage, response: ServerResponse, needed: Scope): void {
    const way = this.wayOf(request);
    const { address } = way;
    const key = this.keys.inForce ? this.authenticated(request, response, address) : undefined;
    this.setCaller(request, way, key?.id);
    // Whoever sits at the machine and has made no key is its owner, who may be as quick as he likes.
    if (key || !isLoopback(address)) this.limits.take(needed, key?.id ?? address, response);
    if (!key || grants(key.scopes, needed)) return;
    response.setHeader('WWW-Authenticate', `Bearer error="insufficient_scope", scope="${needed}"`);
    const error = new DomainError(
      'FORBIDDEN',
      `This key may not do that; use one with the scope ${needed}, or with admin.`,
    );
    throw this.refusal(request, response, error, { address, keyId: key.id });
  }

  private authenticated(request: IncomingMessage, response: ServerResponse, address: string): ApiKey {
    const { authorization } = request.headers;
    const key = this.keys.verify(authorization);
    if (key) return key;
    this.limits.takeFailure(address, response);
    const isShown = authorization !== undefined;
    response.setHeader('WWW-Authenticate', isShown ? 'Bearer error="invalid_token"' : 'Bearer');
    const error = new DomainError(
      'UNAUTHENTICATED',
      isShown
        ? 'The key is not valid: it is none of this server, has expired or was revoked.'
        : 'Show a key in the header "Authorization: Bearer <key>".',
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

  private setCaller(
    request: IncomingMessage,
    { address, proxies }: WayOfRequest,
    keyId: string | undefined,
  ): void {
    const forwarded = proxies > 0 ? forwardedUrl(request.headers, proxies) : undefined;
    setCaller(request, { keyId, address, forwarded });
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
