import { Injectable } from '@nestjs/common';
import { ContainerService } from '../container/container.service.js';
import { EngineCalls } from '../container/engine/observed-engine.js';
import { EngineHealth } from '../container/engine-health.js';
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
