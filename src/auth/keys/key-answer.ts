import { functionPattern } from '../../common/auth/function-reach.js';
import { scopes, type Scope } from '../../common/auth/scope.js';
import { ApiProperty } from '../../common/openapi/documentation.js';
import type { ApiKey } from './api-key.js';
import type { CreatedKey } from './key.service.js';
import { maxPatterns } from './new-key.js';

const ending = { format: 'date-time', example: '2027-01-31T00:00:00.000Z' } as const;

const functions = {
  type: 'array',
  items: { type: 'string', pattern: functionPattern.source },
  nullable: true,
  example: ['shop-*'],
} as const;

const exampleScopes: readonly Scope[] = ['functions:deploy', 'functions:read'];

const time = { format: 'date-time', example: '2026-01-31T12:00:00.000Z' } as const;

/** What is told of a key; never its secret, nor what is kept of it. */
export class KeyMetadata {
  @ApiProperty({
    description: 'Names the key in `DELETE /keys/:id` and in the audit log.',
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
    description: 'The functions that it is limited to; null: every one, and the server itself.',
  })
  readonly functions: readonly string[] | null;

  @ApiProperty(time)
  readonly createdAt: string;

  @ApiProperty({
    ...ending,
    type: String,
    nullable: true,
    description: 'Not valid from then on.',
  })
  readonly expiresAt: string | null;

  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'Not valid since then.',
    example: null,
  })
  readonly revokedAt: string | null;

  @ApiProperty({
    type: String,
    format: 'date',
    nullable: true,
    example: '2026-01-31',
    description: 'The last day, in UTC, that it was used on.',
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

export class KeyList {
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
export class CreatedKeyAnswer extends KeyMetadata {
  @ApiProperty({
    description: 'The key: shown this once, and kept nowhere.',
    example: `glb_0123456789ab_${'x'.repeat(43)}`,
  })
  readonly key: string;

  constructor({ key, text }: CreatedKey) {
    super(key);
    this.key = text;
  }
}

/** The body of `POST /keys`, for the OpenAPI document; `parseNewKey` holds it to its rules. */
export class NewKeyBody {
  @ApiProperty({ minLength: 1, maxLength: 64, description: 'Printable ASCII.', example: 'ci' })
  readonly name!: string;

  @ApiProperty({ enum: scopes, isArray: true, minItems: 1, example: exampleScopes })
  readonly scopes!: readonly Scope[];

  @ApiProperty({
    ...functions,
    minItems: 1,
    maxItems: maxPatterns,
    required: false,
    description:
      'Limits the key to functions of these names, in which `*` stands for any characters. Such a key opens no route that is about the server: keys, audit log, metrics.',
  })
  readonly functions?: readonly string[] | null;

  @ApiProperty({ ...ending, type: String, nullable: true, required: false, description: 'In the future.' })
  readonly expiresAt?: string | null;
}
