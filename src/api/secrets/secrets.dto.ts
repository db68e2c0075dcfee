import { Ruled } from '../../common/input/field-rules.js';
import { ApiProperty } from '../../common/openapi/documentation.js';
import type { DeployedFunction } from '../../functions/function.js';
import type { SealedSecret } from '../../functions/sealed-secret.js';

/** The body of `PUT /secrets/:name/:key`. */
export class SecretValueBody {
  @Ruled(secretProblem, {
    type: 'string',
    minLength: 1,
    writeOnly: true,
    description: 'Text without NUL, at most 32 KiB in UTF-8 unless the operator chose otherwise.',
    example: 'correct horse battery staple',
  })
  readonly value!: string;
}

/** An environment cannot hold NUL, and UTF-8 no half of a character: the function would find another value. */
function secretProblem(value: unknown): string | undefined {
  if (typeof value !== 'string' || value === '') return 'value must be text, with at least one character';
  if (!value.includes('\0') && value.isWellFormed()) return undefined;
  return 'value must be text without NUL and without unpaired surrogates; encode bytes, e.g. in base64';
}

const time = { format: 'date-time', example: '2026-01-31T12:00:00.000Z' } as const;

/** What is shown of a secret: never its value, nor anything made of it. */
export class SecretMetadata {
  @ApiProperty({ example: 'API_TOKEN' })
  readonly key: string;

  @ApiProperty(time)
  readonly createdAt: string;

  @ApiProperty({ ...time, description: 'When the value was last set.' })
  readonly updatedAt: string;

  constructor({ key, createdAt, updatedAt }: SealedSecret) {
    this.key = key;
    this.createdAt = createdAt.toISOString();
    this.updatedAt = updatedAt.toISOString();
  }
}

export class SecretList {
  @ApiProperty({ description: "The function's name.", example: 'myfunc' })
  readonly function: string;

  @ApiProperty({ type: 'integer', description: 'Length of `secrets`.', example: 1 })
  readonly count: number;

  @ApiProperty({ type: [SecretMetadata], description: 'Sorted by key.' })
  readonly secrets: readonly SecretMetadata[];

  constructor({ name, secrets }: DeployedFunction) {
    this.function = name;
    this.count = secrets.length;
    this.secrets = secrets.map((secret) => new SecretMetadata(secret));
  }
}
