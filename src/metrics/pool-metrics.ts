import { Injectable } from '@nestjs/common';
import { SandboxService } from '../sandbox/sandbox.service.js';
import { MetricsRegistry } from './metrics-registry.js';

const bytesPerMiB = 1024 * 1024;

/** The containers that stand ready, and what became of them. */
@Injectable()
export class PoolMetrics {
  constructor(metrics: MetricsRegistry, sandboxes: SandboxService) {
    metrics.readFrom(
      () => sandboxes.snapshot(),
      [
        {
          type: 'gauge',
          name: 'glambdar_pool_containers',
          help: 'Containers by state: ready (loaded, waiting for a call), busy, making, or stem (booted, without a function).',
          label: 'state',
          value: ({ ready, busy, making, stems }) => ({ ready, busy, making, stem: stems }),
        },
        {
          type: 'gauge',
          name: 'glambdar_pool_waiting_calls',
          help: 'Calls that may run and wait for a container.',
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
          help: 'Calls by result: hit (a container stood ready) or miss (the call waited for one).',
          label: 'result',
          value: ({ hits, misses }) => ({ hit: hits, miss: misses }),
        },
        {
          type: 'counter',
          name: 'glambdar_pool_makes_total',
          help: 'Containers begun to be made, by kind: function or stem.',
          label: 'kind',
          value: ({ makes, stemsMade }) => ({ function: makes, stem: stemsMade }),
        },
        {
          type: 'counter',
          name: 'glambdar_pool_make_failures_total',
          help: 'Containers for a function that could not be made, its code that does not load included.',
          value: ({ makesFailed }) => makesFailed,
        },
        {
          type: 'counter',
          name: 'glambdar_pool_removals_total',
          help: 'Containers given up: after their call, for want of calls, or for a fault.',
          value: ({ removals }) => removals,
        },
        {
          type: 'counter',
          name: 'glambdar_pool_lost_waiting_total',
          help: 'Ready containers lost while they waited, by cause: ended, busy (used the CPU), or cut (lost a connection).',
          label: 'cause',
          value: ({ diedWaiting, busyWaiting, cutWaiting }) => ({
            ended: diedWaiting,
            busy: busyWaiting,
            cut: cutWaiting,
          }),
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
