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
      help: 'Functions by change: deployed, replaced (by another version or other settings) or deleted.',
      labels: ['change'],
    });
    const counted = (change: string) => {
      const series = changes.labels(change);
      // A rate can only be told of a series that was there before.
      series.inc(0);
      return () => {
        series.inc();
      };
    };
    events.onDeployed(counted('deployed'));
    events.onReplaced(counted('replaced'));
    events.onDeleted(counted('deleted'));
  }
}
