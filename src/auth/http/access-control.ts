import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  anonymous,
  owner,
  type Principal,
  type Scope,
  setCaller,
  shareHolderOf,
} from '../../common/auth/caller.js';
import { routeAccessOf, type RouteAccess } from '../../common/auth/route-access.js';
import { DomainError } from '../../common/errors/domain-error.js';
import { SendBudget } from '../../common/budgets/send-budget.js';
import { DenialLog } from '../audit/denial-log.js';
import type { HeldKey } from '../keys/api-key.js';
import { KeyRing } from '../keys/key-ring.js';
import { RequestLimits } from '../rate-limits/request-limits.js';
import { Authentication, Unauthenticated } from '../schemes/authentication.js';
import { unknownKey } from '../schemes/bearer-authenticator.js';
import { notAllowed, type Wanted } from './authorization.js';
import { TrustedProxies, type RequestSource } from './trusted-proxies.js';

/** The route that a request is for, and the `name` in its path. */
export interface FoundRoute {
  readonly access: RouteAccess | undefined;
  readonly functionName: string | undefined;
}

/**
 * Admits requests or denies them. Without any key everybody who can reach the server may do everything; from the first key
 * on a request has to show who sends it, and that caller's permissions decide. All of it happens before the body is read.
 */
@Injectable()
export class AccessControl {
  constructor(
    private readonly keys: KeyRing,
    private readonly authentication: Authentication,
    private readonly proxies: TrustedProxies,
    private readonly limits: RequestLimits,
    private readonly denials: DenialLog,
    private readonly unsent: SendBudget,
  ) {}

  /**
   * Admits a request to a route as the route declares; a route that declares nothing answers nobody. Throws and returns
   * as `admit` does.
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
        throw new DomainError('FORBIDDEN', 'This route is not open to anyone.');
      default:
        return access satisfies never;
    }
  }

  /**
   * Throws `UNAUTHENTICATED`, `FORBIDDEN` or `RATE_LIMITED`. Returns a promise only when the keys have to be read again,
   * at most once a second, so that the usual call waits for nothing.
   */
  admit(request: IncomingMessage, response: ServerResponse, wanted: Wanted): Promise<void> | undefined {
    return this.withFreshKeys(() => {
      this.admitNow(request, response, wanted);
    });
  }

  /**
   * Admits a request for what anybody may have: whoever shows a good key is known by it, and everybody else is a stranger,
   * whatever else is shown, for it may be meant for somebody else. Throws `RATE_LIMITED`; returns as `admit` does.
   */
  admitAnybody(
    request: IncomingMessage,
    response: ServerResponse,
    wanted: Wanted,
  ): Promise<void> | undefined {
    return this.withFreshKeys(() => {
      const source = this.proxies.sourceOf(request);
      const principal = this.keys.inForce ? this.guestOf(request, wanted) : owner;
      this.introduce(request, source, principal);
      this.limit(wanted.scope, principal, source, response);
      this.unsent.requireRead(shareHolderOf(principal));
    });
  }

  /**
   * Whoever shows this key in a place where no scheme looks for one; limited, logged and answered as in any other. Throws
   * `UNAUTHENTICATED` or `RATE_LIMITED`. The keys are as fresh as they were when the request was admitted.
   */
  requireKey(request: IncomingMessage, response: ServerResponse, text: string): HeldKey {
    const known = this.keys.verify(text);
    const held = known?.keyId === undefined ? undefined : this.keys.get(known.keyId);
    if (!held) {
      const refused = this.authentication.refused(unknownKey, undefined);
      throw this.unauthenticated(request, response, refused, this.proxies.sourceOf(request));
    }
    this.limits.take('admin', held.key.id, response);
    return held;
  }

  /** A public route answers everybody, but what it shows may depend on the caller. */
  private async welcome(request: IncomingMessage): Promise<void> {
    await this.keys.refresh();
    const known = this.keys.inForce ? this.authentication.authenticate(request) : owner;
    const principal = known instanceof Unauthenticated ? anonymous : known;
    this.introduce(request, this.proxies.sourceOf(request), principal);
  }

  private admitNow(request: IncomingMessage, response: ServerResponse, wanted: Wanted): void {
    const source = this.proxies.sourceOf(request);
    const principal = this.keys.inForce ? this.authenticated(request, response, source) : owner;
    this.introduce(request, source, principal);
    this.limit(wanted.scope, principal, source, response);
    const refused = notAllowed(principal, wanted);
    if (!refused) {
      this.unsent.requireRead(shareHolderOf(principal));
      return;
    }
    if (refused.lacksScope) {
      const { scope } = wanted;
      const challenges = this.authentication.challenges({ kind: 'insufficient-scope', scope });
      response.setHeader('WWW-Authenticate', challenges);
    }
    const { keyId } = principal;
    throw this.denied(request, response, refused.error, { keyId, address: source.address });
  }

  private authenticated(
    request: IncomingMessage,
    response: ServerResponse,
    source: RequestSource,
  ): Principal {
    const known = this.authentication.authenticate(request);
    if (!(known instanceof Unauthenticated)) return known;
    throw this.unauthenticated(request, response, known, source);
  }

  private guestOf(request: IncomingMessage, wanted: Wanted): Principal {
    const known = this.authentication.authenticate(request);
    if (!(known instanceof Unauthenticated))
      return notAllowed(known, wanted) ? { ...anonymous, keyId: known.keyId } : known;
    // It hides what stands in `Authorization`: a good key there must be known for one, lest the function sees it.
    if (request.headers['x-glambdar-key'] === undefined) return anonymous;
    Reflect.deleteProperty(request.headers, 'x-glambdar-key');
    return this.guestOf(request, wanted);
  }

  private limit(scope: Scope, { keyId }: Principal, source: RequestSource, response: ServerResponse): void {
    // Without a key, requests from this machine are its owner's, and have no rate limit.
    if (keyId !== undefined || !source.isLoopback) this.limits.take(scope, keyId ?? source.network, response);
  }

  /** Throws `RATE_LIMITED` if there were too many from its network. */
  private unauthenticated(
    request: IncomingMessage,
    response: ServerResponse,
    { code, message, headers }: Unauthenticated,
    { address, network }: RequestSource,
  ): DomainError {
    this.limits.takeFailure(network, response);
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    return this.denied(request, response, new DomainError(code, message), { keyId: undefined, address });
  }

  private introduce(request: IncomingMessage, source: RequestSource, principal: Principal): void {
    setCaller(request, {
      keyId: principal.keyId,
      sessionId: principal.sessionId,
      scopes: principal.scopes,
      reach: principal.reach,
      address: source.address,
      forwarded: this.proxies.forwardedUrlOf(request, source),
    });
  }

  private withFreshKeys(action: () => void): Promise<void> | undefined {
    const refreshing = this.keys.refresh();
    if (refreshing) return refreshing.then(action);
    action();
    return undefined;
  }

  private denied(
    request: IncomingMessage,
    response: ServerResponse,
    error: DomainError,
    by: { readonly keyId: string | undefined; readonly address: string },
  ): DomainError {
    this.denials.note(request, response, { code: error.code, ...by });
    return error;
  }
}

/** Guards every route of every controller. A route that does not declare who may call it answers nobody. */
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
