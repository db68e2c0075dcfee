import { ApiProperty, ApiPropertyOptional } from '../../common/openapi/documentation.js';
import { scheduleNamePattern } from '../../functions/schedule-name.js';
import { functionNamePattern } from '../../functions/function-name.js';
import { anyJson } from '../../functions/settings/schedule-rules.js';
import { type ScheduleView, shownTimes } from '../../schedules/schedules.service.js';

const missedRules = ['skip', 'run-once'] as const;

/** The last time that a schedule was due. */
export class LastDueTime {
  @ApiProperty({
    format: 'date-time',
    description: 'The last due time that has passed: an event was made for it, or it was left out.',
    example: '2026-01-31T03:00:00.000Z',
  })
  readonly dueAt: string;

  @ApiProperty({
    type: String,
    format: 'uuid',
    nullable: true,
    description: 'The last event that the schedule has made; null if it has made none yet.',
    example: '0197f2c4-1c2e-7a53-9d1e-3f1f0c9b7a55',
  })
  readonly eventId: string | null;

  constructor({ dueMs, eventId }: NonNullable<ScheduleView['last']>) {
    this.dueAt = new Date(dueMs).toISOString();
    this.eventId = eventId;
  }
}

/** A schedule of a function, with what it has done and will do. */
export class ScheduleResponse {
  @ApiProperty({ pattern: functionNamePattern.source, example: 'report' })
  readonly function: string;

  @ApiProperty({ pattern: scheduleNamePattern.source, example: 'nightly' })
  readonly name: string;

  @ApiPropertyOptional({
    description: 'The cron expression; absent if `every` is set.',
    example: '0 3 * * *',
  })
  readonly cron?: string;

  @ApiPropertyOptional({
    description: 'The time from one call to the next, instead of `cron`.',
    example: '10m',
  })
  readonly every?: string;

  @ApiPropertyOptional({
    description: 'The time zone of `cron` (IANA); absent if `every` is set.',
    example: 'Europe/Berlin',
  })
  readonly timeZone?: string;

  @ApiPropertyOptional({
    oneOf: anyJson,
    description: 'The body of each call, as JSON; absent if the calls have none.',
    example: { report: 'sales' },
  })
  readonly payload?: unknown;

  @ApiProperty({ description: 'Whether it calls at all.', example: true })
  readonly enabled: boolean;

  @ApiProperty({
    enum: missedRules,
    description: 'What becomes of times that pass while the server does not run.',
    example: 'skip',
  })
  readonly missed: (typeof missedRules)[number];

  @ApiProperty({
    type: [String],
    format: 'date-time',
    description: `The next times, at most ${shownTimes}; none while the schedule is disabled.`,
    example: ['2026-02-01T02:00:00.000Z'],
  })
  readonly next: readonly string[];

  @ApiProperty({ type: LastDueTime, nullable: true, description: 'Null before the first time.' })
  readonly last: LastDueTime | null;

  constructor({ functionName, name, definition, nextMs, last }: ScheduleView) {
    const { cron, every, timeZone = 'UTC', payload, enabled = true, missed = 'skip' } = definition;
    this.function = functionName;
    this.name = name;
    if (cron !== undefined) Object.assign(this, { cron, timeZone });
    if (every !== undefined) this.every = every;
    if (payload !== undefined) this.payload = payload;
    this.enabled = enabled;
    this.missed = missed;
    this.next = nextMs.map((ms) => new Date(ms).toISOString());
    this.last = last && new LastDueTime(last);
  }
}

export class ScheduleList {
  @ApiProperty({ type: [ScheduleResponse], description: 'By the name of the function, then by their own.' })
  readonly schedules: readonly ScheduleResponse[];

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Where the next page begins, as `cursor`; null if there is none.',
    example: null,
  })
  readonly cursor: string | null;

  constructor(schedules: readonly ScheduleResponse[], cursor: string | null) {
    this.schedules = schedules;
    this.cursor = cursor;
  }
}

/** What a manual run answers. */
export class RunSchedule {
  @ApiProperty({ format: 'uuid', example: '0197f2c4-1c2e-7a53-9d1e-3f1f0c9b7a55' })
  readonly id: string;

  @ApiProperty({ enum: ['queued'], example: 'queued' })
  readonly state = 'queued';

  constructor(id: string) {
    this.id = id;
  }
}
