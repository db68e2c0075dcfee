import { Inject, Injectable } from '@nestjs/common';
import type { ServerResponse } from 'node:http';
import { RateLimitDenials, type RateLimitKind } from '../../common/counters.js';
import type { Scope } from '../../common/auth/caller.js';
import { DomainError } from '../../common/errors/domain-error.js';
import { Clock } from '../../common/time/clock.js';
import { authSettings, type AuthSettings } from '../auth.settings.js';
import { RateLimiter, type Taken } from './rate-limiter.js';

/** How often requests may come, and the headers that tell clients. */
@Injectable()
export class RequestLimits {
  private readonly management: RateLimiter | undefined;
  private readonly invocations: RateLimiter | undefined;
  private readonly failures: RateLimiter;

  constructor(
    clock: Clock,
    private readonly refusals: RateLimitDenials,
    @Inject(authSettings.config.KEY) settings: AuthSettings,
  ) {
    const limiter = (burst: number, perSecond: number) =>
      new RateLimiter({ burst, perSecond }, settings.rateBuckets, clock);
    const { managementPerSecond, managementBurst, invocationsPerSecond, invocationBurst } = settings;
    const failuresPerMinute = settings.failedAuthenticationsPerMinute;
    this.management = managementPerSecond > 0 ? limiter(managementBurst, managementPerSecond) : undefined;
    this.invocations = invocationsPerSecond > 0 ? limiter(invocationBurst, invocationsPerSecond) : undefined;
    this.failures = limiter(failuresPerMinute, failuresPerMinute / 60);
  }

  /** Throws `RATE_LIMITED`. `whose` is a key's id or an address. */
  take(needed: Scope, whose: string, response: ServerResponse): void {
    const kind = needed === 'functions:invoke' ? 'invocations' : 'management';
    this.takeOne(kind, whose, response);
  }

  /** A request without a valid key; throws `RATE_LIMITED` when there were too many from its address. */
  takeFailure(address: string, response: ServerResponse): void {
    this.takeOne('failures', address, response);
  }

  private takeOne(kind: RateLimitKind, whose: string, response: ServerResponse): void {
    const limiter = this[kind];
    if (!limiter) return;
    const taken = limiter.take(whose);
    setHeaders(response, limiter, taken);
    if (taken.isGranted) return;
    this.refusals.add(kind);
    throw new DomainError('RATE_LIMITED', 'Too many requests; send them more slowly.', {
      retryAfterMs: taken.retryAfterMs,
    });
  }
}

/** The fields that clients know from other servers; the reset is in seconds. */
function setHeaders(response: ServerResponse, limiter: RateLimiter, taken: Taken): void {
  response.setHeader('RateLimit-Limit', limiter.limit.burst);
  response.setHeader('RateLimit-Remaining', taken.remaining);
  response.setHeader('RateLimit-Reset', Math.ceil(taken.fullAfterMs / 1000));
}
