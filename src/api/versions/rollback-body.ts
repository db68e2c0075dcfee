import { plainToInstance } from 'class-transformer';
import { IsInt, Max, Min, ValidateIf, validateSync } from 'class-validator';
import { DomainError } from '../../common/errors/domain-error.js';
import { ApiPropertyOptional } from '../../common/openapi/documentation.js';

/** The JSON of `POST /rollback/:name`; also without a body. */
export class RollbackBody {
  @ApiPropertyOptional({
    type: 'integer',
    minimum: 1,
    description: 'The version to roll back to; if omitted, the newest one before the current version.',
    example: 1,
  })
  // Left out is allowed, `null` is not: `@IsOptional` would let it pass.
  @ValidateIf((_, value) => value !== undefined)
  @IsInt()
  @Min(1)
  @Max(Number.MAX_SAFE_INTEGER)
  readonly version?: number;
}

/** Throws `INVALID_SETTINGS`, which names field and rule. */
export function parseRollback(body: unknown): RollbackBody {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw invalid('version', 'the body must be one JSON object');
  }
  const unknown = Object.keys(body)
    .find((name) => name !== 'version')
    ?.slice(0, 64);
  if (unknown !== undefined) throw invalid(unknown, `there is no field "${unknown}", only "version"`);
  const rollback = plainToInstance(RollbackBody, body);
  const [problem] = validateSync(rollback, { stopAtFirstError: true });
  if (problem) throw invalid('version', 'version must be an integer from 1');
  return rollback;
}

function invalid(field: string, rule: string): DomainError {
  return new DomainError('INVALID_SETTINGS', `The rollback was refused: ${rule}.`, { field, reason: rule });
}
