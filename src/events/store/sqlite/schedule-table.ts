import type { Row, Statements } from '../../../storage/sqlite/statements.js';
import type { EventId } from '../../event.js';
import type { Acceptance, SchedulePosition } from '../event-store.js';
import { numberOf, textOf } from './event-row.js';

type Firing = NonNullable<Acceptance['firing']>;

/** How far schedules have come. */
export class ScheduleTable {
  constructor(private readonly statements: Statements) {}

  all(): readonly SchedulePosition[] {
    return this.statements.all('SELECT * FROM schedules ORDER BY id').map(positionOf);
  }

  /** Whether this time, or a later one, has been before. */
  hasFired({ scheduleId, dueMs }: Firing): boolean {
    const lastDueMs = this.find(scheduleId)?.lastDueMs ?? null;
    return lastDueMs !== null && lastDueMs >= dueMs;
  }

  fire({ scheduleId, dueMs }: Firing, eventId: EventId): void {
    const begun = this.find(scheduleId) ?? { scheduleId, definition: '', sinceMs: dueMs };
    this.keep({ ...begun, lastDueMs: dueMs, lastEventId: eventId });
  }

  advance(position: SchedulePosition): void {
    const before = this.find(position.scheduleId);
    const lastEventId = position.lastEventId ?? before?.lastEventId ?? null;
    if (before?.definition !== position.definition) {
      this.keep({ ...position, lastEventId });
      return;
    }
    if ((before.lastDueMs ?? -Infinity) > (position.lastDueMs ?? -Infinity)) return;
    this.keep({ ...position, sinceMs: before.sinceMs, lastEventId });
  }

  forget(scheduleId: string): void {
    this.statements.run('DELETE FROM schedules WHERE id = ?', scheduleId);
  }

  private find(scheduleId: string): SchedulePosition | undefined {
    const row = this.statements.get('SELECT * FROM schedules WHERE id = ?', scheduleId);
    return row && positionOf(row);
  }

  private keep({ scheduleId, definition, sinceMs, lastDueMs, lastEventId }: SchedulePosition): void {
    this.statements.run(
      `INSERT OR REPLACE INTO schedules (id, function_id, definition, since_at, last_due_at, last_event_id)
         VALUES (?, ?, ?, ?, ?, ?)`,
      scheduleId,
      scheduleId.slice(0, scheduleId.lastIndexOf('/')),
      definition,
      sinceMs,
      lastDueMs,
      lastEventId,
    );
  }
}

function positionOf(row: Row): SchedulePosition {
  return {
    scheduleId: String(row['id']),
    definition: String(row['definition']),
    sinceMs: Number(row['since_at']),
    lastDueMs: numberOf(row['last_due_at']),
    lastEventId: textOf(row['last_event_id']),
  };
}
