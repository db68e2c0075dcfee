import {
  Controller,
  Delete,
  Get,
  Header,
  HttpCode,
  Injectable,
  Param,
  Post,
  Req,
  Res,
  UseGuards,
  type CanActivate,
} from '@nestjs/common';
import type { Request, Response } from 'express';
import { callerOf, functionPattern, type Scope, scopes } from '../../common/auth/caller.js';
import { RequiresScope } from '../../common/auth/route-access.js';
import { DomainError } from '../../common/errors/domain-error.js';
import { JsonBody } from '../../common/input/json-body.js';
import { ApiProblem } from '../../common/openapi/api-problem.js';
import {
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiProperty,
  ApiTags,
} from '../../common/openapi/documentation.js';
import { Clock } from '../../common/time/clock.js';
import type { ApiKey } from './api-key.js';
import { KeyRing } from './key-ring.js';
import { type CreatedKey, KeyService, type Origin } from './key.service.js';
import { NewKeyBody, newKeyOf } from './new-key.js';

const ending = { format: 'date-time', example: '2027-01-31T00:00:00.000Z' } as const;

const functions = {
  type: 'array',
  items: { type: 'string', pattern: functionPattern.source },
  nullable: true,
  example: ['shop-*'],
} as const;

const exampleScopes: readonly Scope[] = ['functions:deploy', 'functions:read'];

const time = { format: 'date-time', example: '2026-01-31T12:00:00.000Z' } as const;

/** What the API shows of a key; never its secret or the hash of it. */
class KeyMetadata {
  @ApiProperty({
    description: 'Identifies the key in `DELETE /keys/:id` and in the audit log.',
    example: '0123456789ab',
  })
  readonly id: string;

  @ApiProperty({ example: 'ci' })
  readonly name: string;

  @ApiProperty({
    enum: scopes,
    isArray: true,
    description: '`admin` may do everything.',
    example: exampleScopes,
  })
  readonly scopes: readonly Scope[];

  @ApiProperty({
    ...functions,
    description: 'The functions that the key is limited to; null: all functions, and the server itself.',
  })
  readonly functions: readonly string[] | null;

  @ApiProperty(time)
  readonly createdAt: string;

  @ApiProperty({
    ...ending,
    type: String,
    nullable: true,
    description: 'The key is not valid from this time on.',
  })
  readonly expiresAt: string | null;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'The key has not been valid since this time.',
    example: null,
  })
  readonly revokedAt: string | null;

  @ApiProperty({
    type: String,
    format: 'date',
    nullable: true,
    example: '2026-01-31',
    description: 'The last day on which the key was used, in UTC.',
  })
  readonly lastUsedOn: string | null;

  constructor(key: ApiKey) {
    this.id = key.id;
    this.name = key.name;
    this.scopes = key.scopes;
    this.functions = key.functions;
    this.createdAt = key.createdAt.toISOString();
    this.expiresAt = key.expiresAt?.toISOString() ?? null;
    this.revokedAt = key.revokedAt?.toISOString() ?? null;
    this.lastUsedOn = key.lastUsedOn;
  }
}

class KeyList {
  @ApiProperty({ type: 'integer', description: 'Length of `keys`.', example: 1 })
  readonly count: number;

  @ApiProperty({ type: [KeyMetadata] })
  readonly keys: readonly KeyMetadata[];

  constructor(keys: readonly ApiKey[]) {
    this.count = keys.length;
    this.keys = keys.map((key) => new KeyMetadata(key));
  }
}

/** The one answer that holds the key itself. */
class CreatedKeyResponse extends KeyMetadata {
  @ApiProperty({
    description: 'The key. It is shown only now and stored nowhere.',
    example: `glb_0123456789ab_${'x'.repeat(43)}`,
  })
  readonly key: string;

  constructor({ key, text }: CreatedKey) {
    super(key);
    this.key = text;
  }
}

/** The first key locks everybody else out, so only whoever has the server's directory may make it. Asked before a body is read. */
@Injectable()
class KeysInForce implements CanActivate {
  constructor(private readonly ring: KeyRing) {}

  canActivate(): boolean {
    if (this.ring.inForce) return true;
    throw new DomainError(
      'FORBIDDEN',
      'Create the first key on the server: npm run keys -- create --name me --scopes admin.',
    );
  }
}

@ApiTags('access')
@Controller('keys')
export class KeysController {
  constructor(
    private readonly keys: KeyService,
    private readonly clock: Clock,
  ) {}

  @Post()
  @RequiresScope('admin')
  @UseGuards(KeysInForce)
  @Header('Cache-Control', 'no-store')
  @ApiOperation({
    operationId: 'createKey',
    summary: 'Create a key',
    description: 'Create the first key on the server: `npm run keys -- create --name me --scopes admin`.',
  })
  @ApiCreatedResponse({ type: CreatedKeyResponse, description: 'The key is valid at once.' })
  @ApiProblem(503, 'STORAGE_UNAVAILABLE')
  @ApiProblem(507, 'INSUFFICIENT_STORAGE')
  async create(
    @JsonBody(NewKeyBody, { limitBytes: 16 * 1024 }) body: NewKeyBody,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<CreatedKeyResponse> {
    const wanted = newKeyOf(body, this.clock.wallTime());
    return new CreatedKeyResponse(await this.keys.create(wanted, originOf(request, response)));
  }

  @Get()
  @RequiresScope('admin')
  @ApiOperation({
    operationId: 'listKeys',
    summary: 'List all keys',
    description: 'Without the keys themselves, which are stored nowhere.',
  })
  @ApiOkResponse({ type: KeyList, description: 'Including revoked ones.' })
  @ApiProblem(503, 'STORAGE_UNAVAILABLE')
  async list(): Promise<KeyList> {
    return new KeyList(await this.keys.list());
  }

  @Delete(':id')
  @HttpCode(204)
  @RequiresScope('admin')
  @ApiOperation({
    operationId: 'revokeKey',
    summary: 'Revoke a key',
    description: 'The key is no longer valid from now on.',
  })
  @ApiParam({ name: 'id', example: '0123456789ab' })
  @ApiNoContentResponse({ description: 'The key is no longer valid.' })
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
}

function originOf(request: Request, response: Response): Origin {
  const { keyId, address } = callerOf(request);
  const requestId = response.getHeader('X-Request-Id');
  return { actor: keyId ?? 'local', requestId: typeof requestId === 'string' ? requestId : null, address };
}
