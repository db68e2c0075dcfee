import type { ScheduleResponse } from '@glambdar/client';
import { moment } from '../terminal/quantities.js';
import { safeJson } from '../terminal/safe-text.js';
import { fields } from '../terminal/table.js';
import type { View } from '../terminal/view.js';

/** Such as `0 3 * * * Europe/Berlin`, or `every 10m`. */
export function timing({ cron, every, timeZone }: ScheduleResponse): string {
  return every == null ? `${cron ?? ''} ${timeZone ?? 'UTC'}` : `every ${every}`;
}

/** One schedule, and the times that it calls next. */
export function scheduleDetails(schedule: ScheduleResponse): View {
  const { enabled, missed, payload, last, next } = schedule;
  return fields([
    ['function', schedule.function, 'bold'],
    ['schedule', schedule.name, 'bold'],
    ['when', timing(schedule)],
    ['state', enabled ? 'enabled' : 'disabled', enabled ? 'green' : 'yellow'],
    ['missed times', missed],
    ['data', payload === undefined ? null : safeJson(payload)],
    ['last', moment(last?.dueAt ?? null)],
    ['last event', last?.eventId ?? null],
    ...next.map((time, at) => [at === 0 ? 'next' : '', time] as const),
  ]);
}
