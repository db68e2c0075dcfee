import { Controller, Get, HttpCode, Req, Res } from '@nestjs/common';
import type { HealthCheckResult } from '@nestjs/terminus';
import type { Request, Response } from 'express';
import { callerOf, seesServer } from '../common/auth/caller.js';
import { Public } from '../common/auth/route-access.js';
import {
  ApiOkResponse,
  ApiOperation,
  ApiServiceUnavailableResponse,
  ApiTags,
} from '../common/openapi/documentation.js';
import { Readiness } from './readiness.js';

const check = {
  type: 'object',
  required: ['status'],
  properties: { status: { type: 'string', enum: ['up', 'down'] } },
  additionalProperties: true,
};

const up = { status: 'up' };
const fine = { engine: up, image: up, store: up, disk: up, accepting: up };
const down = { engine: { status: 'down', message: 'The container engine does not answer; start it.' } };

const readyExample = { status: 'ok', info: fine, error: {}, details: fine };
const notReadyExample = { status: 'error', info: {}, error: down, details: down };

const healthSchema = {
  type: 'object',
  required: ['status'],
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
  @Public()
  @HttpCode(200)
  @ApiOperation({
    operationId: 'ready',
    summary: 'Whether calls can be served',
    description:
      'Container engine, worker image, store, disk, and that the server is not shutting down. Everybody is told the ' +
      'status; which check failed, and why, whoever shows a key with `functions:read` that is not limited to certain functions.',
  })
  @ApiOkResponse({ description: 'All checks passed.', schema: { ...healthSchema, example: readyExample } })
  @ApiServiceUnavailableResponse({
    description: 'Some check failed.',
    schema: { ...healthSchema, example: notReadyExample },
  })
  async ready(
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<Pick<HealthCheckResult, 'status'>> {
    const result = await this.readiness.check();
    if (result.status !== 'ok') response.status(503);
    return seesServer(callerOf(request)) ? result : { status: result.status };
  }
}
