import { Injectable } from '@nestjs/common';
import { AdmissionService } from '../invocation/admission/admission.service.js';
import { RequestBodies } from '../triggers/http/request-bodies.js';
import { MetricsRegistry } from './metrics-registry.js';

/** The one queue in front of all calls. How long they wait in it is a phase of the call. */
@Injectable()
export class AdmissionMetrics {
  constructor(metrics: MetricsRegistry, admission: AdmissionService, bodies: RequestBodies) {
    metrics.readFrom(
      () => ({ ...admission.counts, refused: admission.refused, bufferedBytes: bodies.heldBytes }),
      [
        {
          type: 'gauge',
          name: 'glambdar_admission_calls',
          help: 'Calls by state: running, or queued until they may run.',
          label: 'state',
          value: ({ running, queued }) => ({ running, queued }),
        },
        {
          type: 'counter',
          name: 'glambdar_admission_refusals_total',
          help: "Calls refused a permit to run, by whose limit it was: the function's, the share of one key, or the server's.",
          label: 'limit',
          value: ({ refused }) => ({ function: 0, key: 0, server: 0, ...refused }),
        },
        {
          type: 'gauge',
          name: 'glambdar_admission_buffered_bytes',
          help: 'Bytes of request bodies that calls hold in memory.',
          value: ({ bufferedBytes }) => bufferedBytes,
        },
      ],
    );
  }
}
