import { type Attempt, keptAttempts } from '../event.js';

/** An attempt that begins now. */
export function startedAttempt(invocationId: string, startedAtMs: number): Attempt {
  return { invocationId, startedAtMs, endedAtMs: null, outcome: null, code: null, message: null };
}

/** The last attempts with one more. */
export function withStarted(attempts: readonly Attempt[], attempt: Attempt): readonly Attempt[] {
  return [...attempts, attempt].slice(-keptAttempts);
}

/** The attempts with the one that ran as it ended. */
export function withEnded(attempts: readonly Attempt[], ended: Attempt): readonly Attempt[] {
  return [...attempts.slice(0, -1), ended];
}

/** The attempts with the one that ran as it is where its server ended before it: nobody knows how, or when. */
export function withLost(attempts: readonly Attempt[]): readonly Attempt[] {
  const last = attempts.at(-1);
  if (!last) return attempts;
  const message = 'The server that made this attempt ended during it.';
  return withEnded(attempts, { ...last, outcome: 'platform', code: 'INTERNAL', message });
}

/** Whether this attempt has been settled before: the answer was lost, and the settlement came again. */
export function isSettled(attempts: readonly Attempt[], { invocationId }: Attempt): boolean {
  return attempts.some((attempt) => attempt.invocationId === invocationId && attempt.endedAtMs !== null);
}
