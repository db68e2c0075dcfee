import { Inject, Injectable } from '@nestjs/common';
import { Log } from '../common/log/log.js';
import { fairShareSettings, type FairShareSettings } from '../common/budgets/fair-share.settings.js';
import { Clock } from '../common/time/clock.js';
import { withDeadline } from '../common/time/cancellation.js';
import { AddressPolicy, whyUnreachable } from './address-policy.js';
import { EgressCounters, EgressShares } from './egress-shares.js';
import { EgressProxy, type ProxyContext, type ProxyOptions } from './egress-proxy.js';
import { egressSettings, entriesOf, type EgressSettings } from './egress.settings.js';
import { NameResolver } from './name-resolver.js';

/** How long somebody who saves a setting waits for name servers. */
const warningTimeoutMs = 1000;

/** Opens egress for containers: without it nothing leaves a container but its answers. */
@Injectable()
export class EgressService {
  readonly counters = new EgressCounters();
  private readonly context: ProxyContext;

  constructor(
    clock: Clock,
    log: Log,
    resolver: NameResolver,
    @Inject(egressSettings.config.KEY) settings: EgressSettings,
    @Inject(fairShareSettings.config.KEY) shares: FairShareSettings,
  ) {
    const policy = new AddressPolicy(entriesOf(settings.allowedRanges));
    this.context = {
      ...{ clock, log, counters: this.counters, resolver, policy, settings },
      shares: new EgressShares(clock, settings, shares),
    };
  }

  /** As `whyUnreachable`; also undefined when the name servers do not answer soon. Never rejects. */
  whyUnreachable(host: string): Promise<string | undefined> {
    const asking = whyUnreachable(host, this.context);
    const limits = {
      withinMs: warningTimeoutMs,
      onTimeout: () => new Error('The name servers did not answer.'),
    };
    return withDeadline(this.context.clock, asking, limits).catch(() => undefined);
  }

  /** Resolves when the container can connect. Rejects when the socket cannot be created. */
  async open(options: ProxyOptions): Promise<EgressProxy> {
    const proxy = new EgressProxy(options, this.context);
    await proxy.listen();
    return proxy;
  }
}
