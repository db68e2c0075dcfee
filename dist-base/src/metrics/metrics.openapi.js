import { applyDecorators } from '@nestjs/common';
import { ApiOperation, ApiResponse } from '@nestjs/swagger';
/** What the OpenAPI document says of `GET /metrics`. */ export function DocumentedMetrics() {
    return applyDecorators(ApiOperation({
        operationId: 'metrics',
        summary: 'Metrics for Prometheus',
        description: 'Each one is listed in docs/metrics.md.'
    }), ApiResponse({
        status: 200,
        description: 'In the Prometheus text format.',
        content: {
            'text/plain': {
                schema: {
                    type: 'string'
                }
            }
        }
    }));
}

//# sourceMappingURL=metrics.openapi.js.map