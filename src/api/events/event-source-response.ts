import { ApiProperty, ApiPropertyOptional } from '../../common/openapi/documentation.js';
import type { EventSource } from '../../events/event.js';

const kinds = ['http', 'schedule', 'event'] as const;

/** What made an event. */
export class EventSourceResponse {
  @ApiProperty({
    enum: kinds,
    example: 'http',
    description:
      '`http`: a request with `Prefer: respond-async`; `schedule`: a schedule was due; `event`: another event has ended, by `onSuccess` or `onFailure`.',
  })
  readonly kind: (typeof kinds)[number];

  @ApiPropertyOptional({ description: 'The name of the schedule.', example: 'nightly' })
  readonly schedule?: string;

  @ApiPropertyOptional({
    format: 'date-time',
    description: 'When the schedule was due.',
    example: '2026-01-31T12:00:00.000Z',
  })
  readonly dueAt?: string;

  @ApiPropertyOptional({ description: 'Somebody ran the schedule by hand.', example: false })
  readonly manual?: boolean;

  @ApiPropertyOptional({
    format: 'uuid',
    description: 'The event that has ended.',
    example: '0197f2c4-1c2e-7a53-9d1e-3f1f0c9b7a54',
  })
  readonly eventId?: string;

  @ApiPropertyOptional({
    type: String,
    enum: ['success', 'failure'],
    description: 'How that event ended.',
    example: 'failure',
  })
  readonly outcome?: 'success' | 'failure';

  constructor(source: EventSource) {
    this.kind = source.kind;
    switch (source.kind) {
      case 'http':
        break;
      case 'schedule':
        this.schedule = source.schedule;
        this.dueAt = new Date(source.dueMs).toISOString();
        this.manual = source.manual;
        break;
      case 'event':
        this.eventId = source.eventId;
        this.outcome = source.outcome;
        break;
      default:
        source satisfies never;
    }
  }
}
