import { Injectable } from '@nestjs/common';
import { FunctionEvents } from '../functions/function-events.js';
import { FunctionRegistry } from '../functions/function-registry.js';
import { MetricsRegistry } from './metrics-registry.js';

/** How many functions there are, and how they come and go. */
@Injectable()
export class FunctionMetrics {
  constructor(metrics: MetricsRegistry, registry: FunctionRegistry, events: FunctionEvents) {
    metrics.readFrom(
      () => registry.count,
      [
        {
          type: 'gauge',
          name: 'glambdar_functions',
          help: 'Deployed functions.',
          value: (count) => count,
        },
      ],
    );
    const changes = metrics.counter({
      name: 'glambdar_function_changes_total',
      help: 'Functions deployed or deleted; what failed is among the errors of HTTP.',
      labels: ['change'],
    });
    // A rate can only be told of a series that was there before.
    const deployed = changes.labels('deployed');
    const deleted = changes.labels('deleted');
    deployed.inc(0);
    deleted.inc(0);
    events.onDeployed(() => {
      deployed.inc();
    });
    events.onDeleted(() => {
      deleted.inc();
    });
  }
}
