import { Controller, Get } from '@nestjs/common';
import { type AuditAction, auditActions, type AuditOutcome } from '../../common/audit/audit-trail.js';
import { RequiresScope } from '../../common/auth/route-access.js';
import { OneOf, WholeNumber } from '../../common/input/field-rules.js';
import { QueryFields } from '../../common/input/query-fields.js';
import { ApiProblem } from '../../common/openapi/api-problem.js';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '../../common/openapi/documentation.js';
import { auditOrders, type AuditRange, type AuditRecord, AuditStore } from '../store/auth-stores.js';

class AuditEntryResponse {
  @ApiProperty({ type: 'integer', description: 'Increases with every entry.', example: 142 })
  readonly sequence: number;

  @ApiProperty({ format: 'date-time', example: '2026-01-31T12:00:00.000Z' })
  readonly at: string;

  @ApiProperty({
    description:
      "A key's id; `local`: someone on the server's machine, without a key; `nobody`: a caller refused for lack of a key.",
    example: '0123456789ab',
  })
  readonly actor: string;

  @ApiProperty({ enum: auditActions })
  readonly action: AuditAction;

  @ApiProperty({
    type: String,
    nullable: true,
    description: "A function's name, a key's id, or the method and route of a denied request.",
    example: 'myfunc',
  })
  readonly target: string | null;

  @ApiProperty({
    type: String,
    nullable: true,
    description:
      'SHA-256 of the archive that was deployed or rolled back to; null if none was unpacked, or not yet.',
    example: '9f86d081884c7d65'.repeat(4),
  })
  readonly sha256: string | null;

  @ApiProperty({
    type: String,
    description:
      "`begun`, then `done` or the error's code, with the same `requestId`. If there is only `begun`, the server ended before the change did.",
    example: 'done',
  })
  readonly outcome: AuditOutcome;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'The `X-Request-Id` of the answer.',
    example: 'e7b1c1d0-8f0e-4c59-9a63-0b5b0a8f3a11',
  })
  readonly requestId: string | null;

  @ApiProperty({
    type: String,
    nullable: true,
    description: "The client's address; null for a command.",
    example: '192.0.2.7',
  })
  readonly address: string | null;

  constructor(record: AuditRecord) {
    this.sequence = record.sequence;
    this.at = record.at.toISOString();
    this.actor = record.actor;
    this.action = record.action;
    this.target = record.target;
    this.sha256 = record.sha256;
    this.outcome = record.outcome;
    this.requestId = record.requestId;
    this.address = record.address;
  }
}

class AuditPage {
  @ApiProperty({ type: [AuditEntryResponse], description: 'In the order asked for.' })
  readonly entries: readonly AuditEntryResponse[];

  @ApiProperty({
    type: 'integer',
    description: '`after` of the next page; with `order=newest`, its `before`.',
    example: 142,
  })
  readonly next: number;

  constructor(records: readonly AuditRecord[], { after, before, order }: AuditRange) {
    this.entries = records.map((record) => new AuditEntryResponse(record));
    this.next = records.at(-1)?.sequence ?? (order === 'oldest' ? after : (before ?? after));
  }
}

/** The query of `GET /audit`. */
class AuditQuery {
  @WholeNumber(
    { minimum: 0 },
    { required: false, default: 0, description: 'Only entries with a greater `sequence`.' },
  )
  readonly after!: number;

  @WholeNumber({ minimum: 0 }, { required: false, description: 'Only entries with a smaller `sequence`.' })
  readonly before?: number;

  @OneOf(auditOrders, { required: false, default: 'oldest', description: 'Which entries come first.' })
  readonly order!: AuditRange['order'];

  @WholeNumber(
    { minimum: 1, maximum: 1000 },
    { required: false, default: 100, description: 'Most entries in the response.' },
  )
  readonly limit!: number;
}

@ApiTags('access')
@Controller('audit')
export class AuditController {
  constructor(private readonly store: AuditStore) {}

  @Get()
  @RequiresScope('admin')
  @ApiOperation({
    operationId: 'listAudit',
    summary: 'List who changed what',
    description: 'In pages; docs/access.md says what is recorded.',
  })
  @ApiOkResponse({ type: AuditPage })
  @ApiProblem(503, 'STORAGE_UNAVAILABLE')
  async page(@QueryFields(AuditQuery) { after, before, order, limit }: AuditQuery): Promise<AuditPage> {
    const range = { after, before, order };
    return new AuditPage(await this.store.page(range, limit), range);
  }
}
