import { Injectable } from '@nestjs/common';
import { ContainerService } from '../container/container.service.js';
import { EngineHealth } from '../container/engine-health.js';
import { EngineCalls } from '../container/engine/observed-engine.js';
import { EgressService } from '../egress/egress.service.js';
import { SandboxService } from '../sandbox/sandbox.service.js';
import { MetricsRegistry } from './metrics-registry.js';

/** The containers that there are, and the engine that has them. */
@Injectable()
export class ContainerMetrics {
  constructor(
    metrics: MetricsRegistry,
    containers: ContainerService,
    health: EngineHealth,
    engineCalls: EngineCalls,
  ) {
    metrics.readFrom(
      () => ({ running: containers.running, leaked: containers.leaked, isReachable: health.reachable }),
      [
        {
          type: 'gauge',
          name: 'glambdar_containers',
          help: 'Containers by state: alive, or leaked (could not be removed yet and is tried again).',
          label: 'state',
          value: ({ running, leaked }) => ({ alive: running, leaked }),
        },
        {
          type: 'gauge',
          name: 'glambdar_engine_up',
          help: 'Whether the container engine answers: 1 or 0.',
          value: ({ isReachable }) => (isReachable ? 1 : 0),
        },
      ],
    );
    const durations = metrics.histogram({
      name: 'glambdar_engine_call_duration_seconds',
      help: 'Time that the container engine took to answer, errors included.',
      labels: ['call'],
    });
    const errors = metrics.counter({
      name: 'glambdar_engine_call_errors_total',
      help: 'Calls that the container engine failed, by kind: unreachable, timeout, image-missing, gone, conflict or refused.',
      labels: ['call', 'kind'],
    });
    engineCalls.onEnded(({ call, tookMs, error }) => {
      durations.observe({ call }, tookMs / 1000);
      if (error) errors.inc({ call, kind: error });
    });
  }
}

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
          name: 'glambdar_pool_kept_bytes',
          help: 'Memory of the containers kept ready or being provisioned ahead of calls, by their limits.',
          value: ({ kept }) => kept.memoryMiB * bytesPerMiB,
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

/** What containers ask for outside, and what of it they get. */
@Injectable()
export class EgressMetrics {
  constructor(metrics: MetricsRegistry, { counters }: EgressService) {
    metrics.readFrom(
      () => counters,
      [
        {
          type: 'gauge',
          name: 'glambdar_egress_connections',
          help: 'Connections of containers to the outside, including those being made and names being looked up.',
          value: ({ open }) => open,
        },
        {
          type: 'counter',
          name: 'glambdar_egress_bytes_total',
          help: 'Bytes carried between containers and the outside, by direction: out or in.',
          label: 'direction',
          value: ({ bytesOut, bytesIn }) => ({ out: bytesOut, in: bytesIn }),
        },
        {
          type: 'counter',
          name: 'glambdar_egress_denials_total',
          help: 'What containers asked for and did not get, by the code that their function finds (docs/egress.md).',
          label: 'code',
          value: ({ refused }) => refused,
        },
        {
          type: 'counter',
          name: 'glambdar_egress_limit_denials_total',
          help: 'The denials with the code EGRESS_LIMIT, by the limit.',
          label: 'limit',
          value: ({ limited }) => limited,
        },
      ],
    );
  }
}
