import { Controller, Delete, Get, Header, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { callerOf } from '../../common/auth/caller.js';
import { RequiresScope } from '../../common/auth/route-access.js';
import { DomainError } from '../../common/errors/domain-error.js';
import { ApiProblem } from '../../common/openapi/api-problem.js';
import {
  ApiBody,
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiTags,
} from '../../common/openapi/documentation.js';
import { JsonBodies } from '../../common/request-body/json-bodies.js';
import { Clock } from '../../common/time/clock.js';
import { CreatedKeyAnswer, KeyList, NewKeyBody } from './key-answer.js';
import { KeyRing } from './key-ring.js';
import { KeyService, type Origin } from './key.service.js';
import { parseNewKey } from './new-key.js';

const maxBodyBytes = 16 * 1024;

@ApiTags('access')
@Controller('keys')
export class KeysController {
  constructor(
    private readonly keys: KeyService,
    private readonly ring: KeyRing,
    private readonly bodies: JsonBodies,
    private readonly clock: Clock,
  ) {}

  @Post()
  @RequiresScope('admin')
  @Header('Cache-Control', 'no-store')
  @ApiOperation({
    operationId: 'createKey',
    summary: 'Make a key',
    description: 'The first one is made on the server: `npm run keys -- create --name me --scopes admin`.',
  })
  @ApiBody({ type: NewKeyBody })
  @ApiCreatedResponse({ type: CreatedKeyAnswer, description: 'In force at once.' })
  @ApiProblem(400, 'INVALID_SETTINGS')
  @ApiProblem(400, 'MALFORMED_REQUEST')
  @ApiProblem(413, 'PAYLOAD_TOO_LARGE')
  @ApiProblem(503, 'STORAGE_UNAVAILABLE')
  @ApiProblem(507, 'INSUFFICIENT_STORAGE')
  async create(
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<CreatedKeyAnswer> {
    this.requireKeys();
    const wanted = parseNewKey(await this.bodies.read(request, maxBodyBytes), this.clock.wallTime());
    return new CreatedKeyAnswer(await this.keys.create(wanted, originOf(request, response)));
  }

  @Get()
  @RequiresScope('admin')
  @ApiOperation({
    operationId: 'listKeys',
    summary: 'List all keys',
    description: 'Their secrets are kept nowhere.',
  })
  @ApiOkResponse({ type: KeyList, description: 'Revoked ones included.' })
  @ApiProblem(503, 'STORAGE_UNAVAILABLE')
  async list(): Promise<KeyList> {
    return new KeyList(await this.keys.list());
  }

  @Delete(':id')
  @HttpCode(204)
  @RequiresScope('admin')
  @ApiOperation({ operationId: 'revokeKey', summary: 'Revoke a key', description: 'In force at once.' })
  @ApiParam({ name: 'id', example: '0123456789ab' })
  @ApiNoContentResponse({ description: 'The key opens nothing any more.' })
  @ApiProblem(404, 'KEY_NOT_FOUND')
  @ApiProblem(503, 'STORAGE_UNAVAILABLE')
  @ApiProblem(507, 'INSUFFICIENT_STORAGE')
  async revoke(
    @Param('id') id: string,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<void> {
    await this.keys.revoke(id, originOf(request, response));
  }

  /** The first key locks everybody else out, so only whoever has the server's directory may make it. */
  private requireKeys(): void {
    if (this.ring.inForce) return;
    throw new DomainError(
      'FORBIDDEN',
      'The first key is made on the server: npm run keys -- create --name me --scopes admin.',
    );
  }
}

function originOf(request: Request, response: Response): Origin {
  const { keyId, address } = callerOf(request);
  const requestId = response.getHeader('X-Request-Id');
  return { actor: keyId ?? 'local', requestId: typeof requestId === 'string' ? requestId : null, address };
}
