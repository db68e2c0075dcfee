import type { ListedEvent } from './listed-events.js';
import type { SeenRun } from './witness.js';

const shown = 5;

export function requireSucceeded(events: readonly ListedEvent[], acknowledged: readonly string[]): void {
  const ids = new Set(events.map(({ id }) => id));
  requireNone(
    'lost',
    acknowledged.filter((id) => !ids.has(id)),
  );
  requireNone('not succeeded', events.filter(({ state }) => state !== 'succeeded').map(inWords));
}

/** Each attempt is one run at most, and the last is one; none comes after a success. */
export function requireRunOnce(events: readonly ListedEvent[], runs: readonly SeenRun[]): void {
  const seen = new Set(runs.map(({ eventId, attempt }) => nameOf(eventId, attempt)));
  if (seen.size !== runs.length) throw new Error(`${runs.length - seen.size} attempts ran twice.`);
  const attempted = new Map(events.map(({ id, attemptCount }) => [id, attemptCount]));
  const unknown = runs.filter(({ eventId, attempt }) => attempt > (attempted.get(eventId) ?? 0));
  requireNone(
    'run without an attempt',
    unknown.map(({ eventId, attempt }) => nameOf(eventId, attempt)),
  );
  const unseen = events.filter(({ id, attemptCount }) => !seen.has(nameOf(id, attemptCount)));
  requireNone('succeeded without a run', unseen.map(inWords));
  requireNoAttemptAfterSuccess(events);
}

/** By what the handlers told, and by the times of the attempts: none began before an earlier one of its key had ended. */
export function requireInOrder(events: readonly ListedEvent[], runs: readonly SeenRun[]): void {
  const keyOf = new Map(events.map(({ id, orderingKey }) => [id, orderingKey]));
  const begun = new Map<string, number>();
  for (const { eventId, path } of runs) {
    const key = keyOf.get(eventId);
    if (!key) continue;
    if (numberOf(path) < (begun.get(key) ?? 0)) throw new Error(`${path} of ${key} began too late.`);
    begun.set(key, numberOf(path));
  }
  for (const [key, ofKey] of Map.groupBy(events, ({ orderingKey }) => orderingKey)) {
    if (key === null) continue;
    const inOrder = ofKey.toSorted((one, other) => numberOf(one.request.path) - numberOf(other.request.path));
    const early = inOrder.filter((event, index) => beganMs(event) < endedMs(inOrder[index - 1]));
    requireNone(`run beside one before them`, early.map(inWords));
  }
}

export function requireFollowedUp(events: readonly ListedEvent[], followUps: readonly ListedEvent[]): void {
  const following = new Map(followUps.map(({ id, source }) => [id, source.eventId]));
  const alone = events.filter(({ id, followUp }) => following.get(followUp?.eventId ?? '') !== id);
  requireNone('not followed up', alone.map(inWords));
  if (followUps.length !== events.length)
    throw new Error(`${followUps.length} events follow ${events.length}.`);
  requireNone('not succeeded', followUps.filter(({ state }) => state !== 'succeeded').map(inWords));
  requireNoAttemptAfterSuccess(followUps);
}

function requireNoAttemptAfterSuccess(events: readonly ListedEvent[]): void {
  const again = events.filter(({ attempts }) =>
    attempts.slice(0, -1).some(({ outcome }) => outcome === 'success'),
  );
  requireNone('run again after a success', again.map(inWords));
}

/** The number that its sender gave it, which only counts up: `/3/17/fails` is the 17th. */
function numberOf(path: string): number {
  return Number(path.split('/')[2]);
}

function beganMs({ attempts }: ListedEvent): number {
  return Date.parse(attempts[0]?.startedAt ?? '');
}

function endedMs(event: ListedEvent | undefined): number {
  return event ? Date.parse(event.endedAt ?? '') : 0;
}

function nameOf(id: string, attempt: number): string {
  return `attempt ${attempt} of ${id}`;
}

function inWords({ id, state, request, attempts }: ListedEvent): string {
  return `${id} ${request.path} ${state} (${attempts.map(({ outcome }) => outcome ?? 'none').join()})`;
}

function requireNone(what: string, found: readonly string[]): void {
  if (found.length > 0) throw new Error(`${found.length} ${what}: ${found.slice(0, shown).join('; ')}`);
}
