import type { EventId } from '../../../src/events/event.js';
import type { Acceptance, SchedulePosition } from '../../../src/events/store/event-store.js';

type Firing = NonNullable<Acceptance['firing']>;

/** How far schedules have come. */
export class SchedulePositions {
  private schedules = new Map<string, SchedulePosition>();

  all(): readonly SchedulePosition[] {
    return [...this.schedules.values()].sort((one, other) => (one.scheduleId < other.scheduleId ? -1 : 1));
  }

  hasFired({ scheduleId, dueMs }: Firing): boolean {
    return (this.schedules.get(scheduleId)?.lastDueMs ?? -Infinity) >= dueMs;
  }

  fire({ scheduleId, dueMs }: Firing, eventId: EventId): void {
    const begun = this.schedules.get(scheduleId) ?? { scheduleId, definition: '', sinceMs: dueMs };
    this.schedules.set(scheduleId, { ...begun, lastDueMs: dueMs, lastEventId: eventId });
  }

  advance(position: SchedulePosition): void {
    const before = this.schedules.get(position.scheduleId);
    const isNew = before?.definition !== position.definition;
    if (!isNew && (before.lastDueMs ?? -Infinity) > (position.lastDueMs ?? -Infinity)) return;
    const kept = { ...position, lastEventId: position.lastEventId ?? before?.lastEventId ?? null };
    this.schedules.set(position.scheduleId, isNew ? kept : { ...kept, sinceMs: before.sinceMs });
  }

  forget(scheduleId: string): void {
    this.schedules.delete(scheduleId);
  }

  keepFunctions(keeps: (functionId: string) => boolean): void {
    const kept = [...this.schedules].filter(([id]) => keeps(id.slice(0, id.lastIndexOf('/'))));
    this.schedules = new Map(kept);
  }
}
