import { applyDecorators } from '@nestjs/common';
import { ApiOperation, ApiResponse } from '../common/openapi/documentation.js';

const example = `# HELP glambdar_admission_queued Calls that wait to run.
# TYPE glambdar_admission_queued gauge
glambdar_admission_queued 0
`;

/** What the OpenAPI document says of `GET /metrics`. */
export function DocumentedMetrics(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      operationId: 'metrics',
      summary: 'Metrics for Prometheus',
      description: 'Each one is listed in docs/metrics.md.',
    }),
    ApiResponse({
      status: 200,
      description: 'In the Prometheus text format.',
      content: { 'text/plain': { schema: { type: 'string' }, example } },
    }),
  );
}
