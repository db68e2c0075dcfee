import { Controller, Get, Res } from '@nestjs/common';
import type { Response } from 'express';
import { RequiresScope } from '../common/auth/route-access.js';
import { ApiTags } from '../common/openapi/documentation.js';
import { MetricsRegistry } from './metrics-registry.js';
import { DocumentedMetrics } from './metrics.openapi.js';

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
