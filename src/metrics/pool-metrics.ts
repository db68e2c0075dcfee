import { Injectable } from '@nestjs/common';
import { SandboxService } from '../sandbox/sandbox.service.js';
import { MetricsRegistry } from './metrics-registry.js';

const bytesPerMiB = 1024 * 1024;

/** The containers that are kept ready, and what becomes of them. */
@Injectable()
export class PoolMetrics {
  constructor(metrics: MetricsRegistry, sandboxes: SandboxService) {
    metrics.readFrom(
      () => sandboxes.snapshot(),
      [
        {
          type: 'gauge',
          name: 'glambdar_pool_containers',
          help: 'Containers by state: ready (loaded, waiting for a call), busy, provisioning, or prewarmed (booted, without a function).',
          label: 'state',
          value: ({ ready, busy, provisioning, prewarmed }) => ({ ready, busy, provisioning, prewarmed }),
        },
        {
          type: 'gauge',
          name: 'glambdar_pool_waiting_calls',
          help: 'Admitted calls that wait for a container.',
          value: ({ waiting }) => waiting,
        },
        {
          type: 'gauge',
          name: 'glambdar_pool_functions',
          help: 'Functions that keep containers or are called.',
          value: ({ functions }) => functions,
        },
        {
          type: 'counter',
          name: 'glambdar_pool_requests_total',
          help: 'Calls by result: hit (a container was ready) or miss (the call waited for one).',
          label: 'result',
          value: ({ hits, misses }) => ({ hit: hits, miss: misses }),
        },
        {
          type: 'counter',
          name: 'glambdar_pool_provisions_total',
          help: 'Containers whose provisioning has begun, by kind: function, or prewarmed (without a function).',
          label: 'kind',
          value: ({ provisions, prewarmedProvisions }) => ({
            function: provisions,
            prewarmed: prewarmedProvisions,
          }),
        },
        {
          type: 'counter',
          name: 'glambdar_pool_provision_failures_total',
          help: 'Containers for a function that could not be provisioned, also because its code did not load.',
          value: ({ provisionFailures }) => provisionFailures,
        },
        {
          type: 'counter',
          name: 'glambdar_pool_removals_total',
          help: 'Containers removed: after their call, because no calls came, or because of a fault.',
          value: ({ removals }) => removals,
        },
        {
          type: 'counter',
          name: 'glambdar_pool_idle_losses_total',
          help: 'Idle containers lost, by cause: ended, busy (used the CPU), or cut (lost a connection).',
          label: 'cause',
          value: ({ idleEnded, idleBusy, idleCut }) => ({ ended: idleEnded, busy: idleBusy, cut: idleCut }),
        },
        {
          type: 'gauge',
          name: 'glambdar_pool_budget_containers',
          help: 'Most containers that may be kept ready.',
          value: ({ budget }) => budget.containers,
        },
        {
          type: 'gauge',
          name: 'glambdar_pool_budget_bytes',
          help: 'Most memory of the containers kept ready, by their limits.',
          value: ({ budget }) => budget.memoryMiB * bytesPerMiB,
        },
      ],
    );
  }
}
