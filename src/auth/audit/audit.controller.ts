import { Controller, Get, Query } from '@nestjs/common';
import { RequiresScope } from '../../common/auth/route-access.js';
import { DomainError } from '../../common/errors/domain-error.js';
import { ApiProblem } from '../../common/openapi/api-problem.js';
import { ApiOkResponse, ApiOperation, ApiQuery, ApiTags } from '../../common/openapi/documentation.js';
import { AuditStore } from '../store/audit-store.js';
import { AuditPage } from './audit-answer.js';

const maxLimit = 1000;
const defaultLimit = 100;

@ApiTags('access')
@Controller('audit')
export class AuditController {
  constructor(private readonly store: AuditStore) {}

  @Get()
  @RequiresScope('admin')
  @ApiOperation({
    operationId: 'listAudit',
    summary: 'Who changed what',
    description: 'In pages, oldest first; docs/access.md tells what is recorded.',
  })
  @ApiQuery({
    name: 'after',
    required: false,
    schema: { type: 'integer', minimum: 0, default: 0 },
    description: 'Entries with a greater `sequence`.',
  })
  @ApiQuery({
    name: 'limit',
    required: false,
    schema: { type: 'integer', minimum: 1, maximum: maxLimit, default: defaultLimit },
  })
  @ApiOkResponse({ type: AuditPage })
  @ApiProblem(400, 'MALFORMED_REQUEST')
  @ApiProblem(503, 'STORAGE_UNAVAILABLE')
  async page(@Query('after') after: unknown, @Query('limit') limit: unknown): Promise<AuditPage> {
    const from = integerIn('after', after, { min: 0, max: Number.MAX_SAFE_INTEGER, fallback: 0 });
    const count = integerIn('limit', limit, { min: 1, max: maxLimit, fallback: defaultLimit });
    return new AuditPage(await this.store.after(from, count), from);
  }
}

function integerIn(
  field: string,
  given: unknown,
  { min, max, fallback }: { readonly min: number; readonly max: number; readonly fallback: number },
): number {
  if (given === undefined) return fallback;
  const value = typeof given === 'string' && /^\d{1,16}$/.test(given) ? Number(given) : Number.NaN;
  if (value >= min && value <= max) return value;
  throw new DomainError('MALFORMED_REQUEST', `${field} must be an integer from ${min} to ${max}.`, { field });
}
