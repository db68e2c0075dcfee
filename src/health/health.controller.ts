import { Controller, Get, HttpCode, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiServiceUnavailableResponse, ApiTags } from '@nestjs/swagger';
import type { HealthCheckResult } from '@nestjs/terminus';
import type { Response } from 'express';
import { Public, RequiresScope } from '../common/access/route-access.js';
import { Readiness } from './readiness.js';

const check = {
  type: 'object',
  required: ['status'],
  properties: { status: { type: 'string', enum: ['up', 'down'] } },
  additionalProperties: true,
};

const healthSchema = {
  type: 'object',
  required: ['status', 'details'],
  properties: {
    status: { type: 'string', enum: ['ok', 'error'] },
    info: { type: 'object', description: 'The checks that passed.', additionalProperties: check },
    error: { type: 'object', description: 'The checks that failed.', additionalProperties: check },
    details: { type: 'object', description: 'All checks.', additionalProperties: check },
  },
};

@ApiTags('health')
@Controller('health')
export class HealthController {
  constructor(private readonly readiness: Readiness) {}

  @Get('live')
  @Public()
  @ApiOperation({
    operationId: 'live',
    summary: 'Whether the process serves',
    description: 'Asks nothing else.',
  })
  @ApiOkResponse({
    schema: {
      type: 'object',
      required: ['status'],
      properties: { status: { type: 'string', enum: ['ok'] } },
    },
  })
  live(): { status: 'ok' } {
    return { status: 'ok' };
  }

  @Get('ready')
  @RequiresScope('functions:read')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'ready',
    summary: 'Whether calls can be served',
    description: 'Container engine, worker image, store, disk, and that the server is not shutting down.',
  })
  @ApiOkResponse({ schema: healthSchema })
  @ApiServiceUnavailableResponse({ description: 'Some check failed.', schema: healthSchema })
  async ready(@Res({ passthrough: true }) response: Response): Promise<HealthCheckResult> {
    const result = await this.readiness.check();
    if (result.status !== 'ok') response.status(503);
    return result;
  }
}
