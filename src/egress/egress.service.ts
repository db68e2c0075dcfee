import { Inject, Injectable } from '@nestjs/common';
import { Log } from '../common/log/log.js';
import { Clock } from '../common/time/clock.js';
import { AddressPolicy } from './address-policy.js';
import { EgressCounters } from './egress-counters.js';
import { EgressGate, type GateContext, type GateOrder } from './egress-gate.js';
import { egressSettings, entriesOf, type EgressSettings } from './egress.settings.js';
import { NameResolver } from './name-resolver.js';

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
  ) {
    const policy = new AddressPolicy(entriesOf(settings.allowedRanges));
    this.context = { clock, log, counters: this.counters, resolver, policy, settings };
  }

  /** Resolves when the container can connect. Rejects when the socket cannot be made. */
  async open(order: GateOrder): Promise<EgressGate> {
    const log = this.context.log.child({ function: order.functionName, container: order.container });
    const gate = new EgressGate(order, this.context, log);
    await gate.listen();
    return gate;
  }
}
