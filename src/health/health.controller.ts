import {
  Controller,
  Get,
  HttpCode,
  Inject,
  Injectable,
  Req,
  Res,
  ServiceUnavailableException,
} from '@nestjs/common';
import { type HealthCheckResult, HealthCheckService, HealthIndicatorService } from '@nestjs/terminus';
import type { Request, Response } from 'express';
import { callerOf, seesServer } from '../common/auth/caller.js';
import { Public } from '../common/auth/route-access.js';
import { diskSpaceOf } from '../common/installation/disk-space.js';
import { Installation } from '../common/installation/installation.js';
import {
  ApiOkResponse,
  ApiOperation,
  ApiServiceUnavailableResponse,
  ApiTags,
} from '../common/openapi/documentation.js';
import { Clock } from '../common/time/clock.js';
import { withDeadline } from '../common/time/cancellation.js';
import { EngineHealth } from '../container/engine-health.js';
import { FunctionStore } from '../functions/store/function-store.js';
import { RunningCalls } from '../invocation/running-calls.js';
import { defaultRuntime } from '../runtimes/runtime.js';
import { runtimesSettings, type RuntimesSettings } from '../runtimes/runtimes.settings.js';
import { healthSettings, type HealthSettings } from './health.settings.js';

/** What to do about a check that failed, for the operator; undefined when it passed. */
type Complaint = string | undefined;

/** Whether calls can be served, check by check; each has a time limit, so the whole has. */
@Injectable()
export class Readiness {
  private checking: Promise<HealthCheckResult> | undefined;

  constructor(
    private readonly checks: HealthCheckService,
    private readonly indicators: HealthIndicatorService,
    private readonly engineHealth: EngineHealth,
    private readonly store: FunctionStore,
    private readonly runningCalls: RunningCalls,
    private readonly installation: Installation,
    private readonly clock: Clock,
    @Inject(runtimesSettings.config.KEY) private readonly images: RuntimesSettings,
    @Inject(healthSettings.config.KEY) private readonly settings: HealthSettings,
  ) {}

  /**
   * Never rejects because of a failed check: the result's `status` says it. Anybody may ask, so those who ask at once
   * share one look.
   */
  check(): Promise<HealthCheckResult> {
    this.checking ??= this.look().finally(() => {
      this.checking = undefined;
    });
    return this.checking;
  }

  private async look(): Promise<HealthCheckResult> {
    try {
      return await this.checks.check([
        () => this.indicate('engine', this.engineComplaint()),
        () => this.indicate('image', this.imageComplaint()),
        () => this.indicate('store', this.storeComplaint()),
        () => this.indicate('disk', this.diskComplaint()),
        () => this.indicate('accepting', this.acceptingComplaint()),
      ]);
    } catch (error) {
      if (error instanceof ServiceUnavailableException) return error.getResponse() as HealthCheckResult;
      throw error;
    }
  }

  private async indicate(name: string, check: Promise<Complaint>) {
    const indicator = this.indicators.check(name);
    const complaint = await withDeadline(this.clock, check, {
      withinMs: this.settings.checkTimeoutMs,
      onTimeout: () => new Error('too slow'),
    }).catch(() => 'It did not answer in time.');
    return complaint === undefined ? indicator.up() : indicator.down({ message: complaint });
  }

  private async engineComplaint(): Promise<Complaint> {
    const { reachable } = await this.engineHealth.status(this.images[defaultRuntime]);
    return reachable
      ? undefined
      : 'The container engine does not answer; start it, or read the server’s log.';
  }

  private async imageComplaint(): Promise<Complaint> {
    const { imagePresent } = await this.engineHealth.status(this.images[defaultRuntime]);
    return imagePresent ? undefined : 'The container engine has no worker image; build it.';
  }

  private async storeComplaint(): Promise<Complaint> {
    return this.store.check().then(
      () => undefined,
      () => 'The store cannot be read and written; see the log.',
    );
  }

  private async diskComplaint(): Promise<Complaint> {
    const space = await diskSpaceOf(this.installation.directory);
    if (!space) return 'The disk cannot be read; see that the directory is there.';
    const freeMiB = Math.floor(space.free / 1024 / 1024);
    return freeMiB >= this.settings.freeDiskMiB ? undefined : `Only ${freeMiB} MiB of the disk are free.`;
  }

  private async acceptingComplaint(): Promise<Complaint> {
    return Promise.resolve(this.runningCalls.isDraining ? 'The server is shutting down.' : undefined);
  }
}

const check = {
  type: 'object',
  required: ['status'],
  properties: { status: { type: 'string', enum: ['up', 'down'] } },
  additionalProperties: true,
};

const up = { status: 'up' };
const fine = { engine: up, image: up, store: up, disk: up, accepting: up };
const down = {
  engine: {
    status: 'down',
    message: 'The container engine does not answer; start it, or read the server’s log.',
  },
};

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
    summary: 'Check that the process is alive',
    description: 'Checks nothing but the process itself.',
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
    summary: 'Check that calls can be served',
    description:
      'Checks the container engine, the worker image, the store, the disk, and that the server is not shutting down. Everyone sees the status; to see which check failed and why, send a key with `functions:read` that is not limited to certain functions.',
  })
  @ApiOkResponse({ description: 'All checks passed.', schema: { ...healthSchema, example: readyExample } })
  @ApiServiceUnavailableResponse({
    description: 'At least one check failed.',
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
