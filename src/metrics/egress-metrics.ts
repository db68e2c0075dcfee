import { Injectable } from '@nestjs/common';
import { EgressService } from '../egress/egress.service.js';
import { MetricsRegistry } from './metrics-registry.js';

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
          name: 'glambdar_egress_refusals_total',
          help: 'What containers asked for and did not get, by the code that their function finds (docs/egress.md).',
          label: 'code',
          value: ({ refused }) => refused,
        },
        {
          type: 'counter',
          name: 'glambdar_egress_limit_refusals_total',
          help: 'The refusals with the code EGRESS_LIMIT, by the limit.',
          label: 'limit',
          value: ({ limited }) => limited,
        },
      ],
    );
  }
}
