import type { Row } from '../../../storage/sqlite/statements.js';
import type {
  Attempt,
  EventRecord,
  EventRequest,
  EventResult,
  EventState,
  FollowUp,
  NewEvent,
} from '../../event.js';
import { newRecord } from '../new-record.js';

/** What of an event never changes, and nothing is looked for by. */
type About = Pick<EventRecord, 'functionName' | 'source' | 'keyId' | 'depth' | 'method' | 'path'>;

export function aboutOf(event: NewEvent): string {
  const { functionName, source, keyId, depth, method, path } = newRecord(event);
  return JSON.stringify({ functionName, source, keyId, depth, method, path } satisfies About);
}

/** Every event with the id of its function. */
export const selectEvents =
  'SELECT events.*, functions.id AS function_id FROM events JOIN functions ON functions.number = events.function';

/** The event as it is known, in wall clock. */
export function recordOf(row: Row, aheadMs: number): EventRecord {
  const about = JSON.parse(String(row['about'])) as About;
  const followUp = row['follow_up'];
  return {
    ...about,
    id: String(row['id']),
    functionId: String(row['function_id']),
    state: row['state'] as EventState,
    orderingKey: textOf(row['ordering_key']),
    requestBytes: Number(row['request_bytes']),
    acceptedAtMs: Number(row['accepted_at']),
    expiresAtMs: Number(row['expires']) - aheadMs,
    endedAtMs: numberOf(row['ended_at']),
    nextAttemptAtMs: row['due'] === null ? null : Number(row['due']) - aheadMs,
    countedAttempts: Number(row['counted_attempts']),
    attempts: attemptsOf(row),
    attemptCount: Number(row['attempt_count']),
    followUp: typeof followUp === 'string' ? (JSON.parse(followUp) as FollowUp) : null,
  };
}

export function attemptsOf(row: Row): readonly Attempt[] {
  return JSON.parse(String(row['attempts'])) as Attempt[];
}

export function requestOf(row: Row): EventRequest {
  return {
    presentation: JSON.parse(String(row['presentation'])) as EventRequest['presentation'],
    body: row['body'] as Uint8Array,
    traceparent: textOf(row['traceparent']),
  };
}

/** A result without its body, which is kept beside it. */
export function answerOf({ status, headers, bodyBytes }: EventResult): string {
  return JSON.stringify({ status, headers, bodyBytes });
}

export function resultOf(row: Row): EventResult {
  const answer = JSON.parse(String(row['answer'])) as Omit<EventResult, 'body'>;
  return { ...answer, body: row['body'] as Uint8Array | null };
}

export function textOf(value: Row[string] | undefined): string | null {
  return typeof value === 'string' ? value : null;
}

export function numberOf(value: Row[string] | undefined): number | null {
  return typeof value === 'number' ? value : null;
}
