import { Inject, Injectable } from '@nestjs/common';
import { Log } from '../common/log/log.js';
import { fairShareSettings, type FairShareSettings } from '../common/budgets/fair-share.settings.js';
import { Clock } from '../common/time/clock.js';
import { withDeadline } from '../common/time/cancellation.js';
import { AddressPolicy } from './address-policy.js';
import { EgressCounters } from './egress-counters.js';
import { EgressGate, type GateContext, type GateOrder } from './egress-gate.js';
import { EgressShares } from './egress-shares.js';
import { egressSettings, entriesOf, type EgressSettings } from './egress.settings.js';
import { NameResolver } from './name-resolver.js';
import { whyUnreachable } from './unreachable-host.js';

/** Whoever saves a setting waits no longer for name servers. */
const warningTimeoutMs = 1000;

/** Opens the ways out of containers: without one, nothing leaves a container but its answers. */
@Injectable()
export class EgressService {
  readonly counters = new EgressCounters();
  private readonly context: GateContext;

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

  /** As `whyUnreachable`; undefined also when the name servers take their time. Never rejects. */
  whyUnreachable(host: string): Promise<string | undefined> {
    const asking = whyUnreachable(host, this.context);
    const limits = {
      withinMs: warningTimeoutMs,
      onTimeout: () => new Error('The name servers did not answer.'),
    };
    return withDeadline(this.context.clock, asking, limits).catch(() => undefined);
  }

  /** Resolves when the container can connect. Rejects when the socket cannot be made. */
  async open(order: GateOrder): Promise<EgressGate> {
    const log = this.context.log.child({ function: order.functionName, container: order.container });
    const gate = new EgressGate(order, this.context, log);
    await gate.listen();
    return gate;
  }
}
