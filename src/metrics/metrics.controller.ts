import { applyDecorators, Controller, Get, Res } from '@nestjs/common';
import type { Response } from 'express';
import { RequiresScope } from '../common/auth/route-access.js';
import { ApiOperation, ApiResponse, ApiTags } from '../common/openapi/documentation.js';
import { MetricsRegistry } from './metrics-registry.js';

const example = `# HELP glambdar_admission_queued Calls that wait to run.
# TYPE glambdar_admission_queued gauge
glambdar_admission_queued 0
`;

/** What the OpenAPI document says of `GET /metrics`. */
function DocumentedMetrics(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      operationId: 'metrics',
      summary: 'Get metrics for Prometheus',
      description: 'docs/metrics.md lists all of them.',
    }),
    ApiResponse({
      status: 200,
      description: 'In the Prometheus text format.',
      content: { 'text/plain': { schema: { type: 'string' }, example } },
    }),
  );
}

@ApiTags('metrics')
@Controller('metrics')
export class MetricsController {
  constructor(private readonly metrics: MetricsRegistry) {}

  @Get()
  @RequiresScope('metrics:read')
  @DocumentedMetrics()
  async read(@Res() response: Response): Promise<void> {
    const text = await this.metrics.text();
    response.setHeader('Content-Type', this.metrics.contentType);
    response.end(text);
  }
}
