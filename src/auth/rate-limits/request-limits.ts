import { Inject, Injectable } from '@nestjs/common';
import type { ServerResponse } from 'node:http';
import { RateLimitDenials, type RateLimitKind } from '../../common/counters.js';
import type { Scope } from '../../common/auth/caller.js';
import { DomainError } from '../../common/errors/domain-error.js';
import { Clock } from '../../common/time/clock.js';
import { authSettings, type AuthSettings } from '../auth.settings.js';
import { type BucketLimit, RateBuckets, RateLimiter, type Taken } from './rate-limiter.js';

/** How often a function may be called in a second, by one client's network and by all; 0 for any number. */
interface CallRates {
  readonly perAddress: number;
  readonly total: number;
}

/** Two seconds' worth: a page asks for much at once, and then for little. */
const burstSeconds = 2;

/** How often requests may come, and the headers that tell clients. */
@Injectable()
export class RequestLimits {
  private readonly management: RateLimiter | undefined;
  private readonly invocations: RateLimiter | undefined;
  private readonly failures: RateLimiter;
  /** Of functions, apart from those of their clients, who could have them forgotten. */
  private readonly functions: RateBuckets;
  private readonly clientsOfFunctions: RateBuckets;

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
    this.functions = new RateBuckets(settings.rateBuckets, clock);
    this.clientsOfFunctions = new RateBuckets(settings.rateBuckets, clock);
  }

  /** Throws `RATE_LIMITED`. `whose` is a key's id or a network. */
  take(needed: Scope, whose: string, response: ServerResponse): void {
    const kind = needed === 'functions:invoke' ? 'invocations' : 'management';
    this.takeOne(kind, whose, response);
  }

  /** A request without a valid key; throws `RATE_LIMITED` when there were too many from its network. */
  takeFailure(network: string, response: ServerResponse): void {
    this.takeOne('failures', network, response);
  }

  /**
   * A call of a function that limits them; throws `RATE_LIMITED`. The client's own limit is asked first, so that whoever
   * is refused takes nothing of what all clients have together.
   */
  takeCall(functionName: string, rates: CallRates, network: string, response: ServerResponse): void {
    const ofClient = takeFrom(this.clientsOfFunctions, `${functionName} ${network}`, rates.perAddress);
    if (ofClient)
      this.keepTo('functions', ofClient, response, 'Too many calls of this function from your address');
    const ofAll = takeFrom(this.functions, functionName, rates.total);
    if (!ofAll) return;
    this.keepTo('functions', ofAll, response, 'Too many calls of this function');
    if (ofClient && ofClient.remaining < ofAll.remaining) setHeaders(response, ofClient);
  }

  private takeOne(kind: Exclude<RateLimitKind, 'functions'>, whose: string, response: ServerResponse): void {
    const limiter = this[kind];
    if (limiter)
      this.keepTo(kind, { ...limiter.take(whose), limit: limiter.limit }, response, 'Too many requests');
  }

  private keepTo(kind: RateLimitKind, taken: TakenOf, response: ServerResponse, tooMany: string): void {
    setHeaders(response, taken);
    if (taken.isGranted) return;
    this.refusals.add(kind);
    throw new DomainError('RATE_LIMITED', `${tooMany}; send them more slowly.`, {
      retryAfterMs: taken.retryAfterMs,
    });
  }
}

/** What was taken, and of which limit. */
type TakenOf = Taken & { readonly limit: BucketLimit };

/** Undefined where the limit is none. */
function takeFrom(buckets: RateBuckets, whose: string, perSecond: number): TakenOf | undefined {
  if (perSecond === 0) return undefined;
  const limit = { burst: perSecond * burstSeconds, perSecond };
  return { ...buckets.take(whose, limit), limit };
}

/** The fields that clients know from other servers; the reset is in seconds. */
function setHeaders(response: ServerResponse, { limit, remaining, fullAfterMs }: TakenOf): void {
  response.setHeader('RateLimit-Limit', limit.burst);
  response.setHeader('RateLimit-Remaining', remaining);
  response.setHeader('RateLimit-Reset', Math.ceil(fullAfterMs / 1000));
}
