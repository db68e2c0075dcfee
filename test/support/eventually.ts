import { setTimeout as after } from 'node:timers/promises';

const pauseMs = 20;
/** Before the end of a test that has a minute. */
const turnsMs = 50_000;

/**
 * Asks again and again until the answer is neither `undefined` nor `false`, and gives it. For what another process does
 * in its own time; the limit, which leaves room for a busy machine, makes a condition that never comes a failure with a
 * name.
 */
export async function eventually<T>(
  what: string,
  ask: () => Promise<T | undefined | false> | T | undefined | false,
  withinMs = 120_000,
): Promise<T> {
  const answer = await poll(ask, withinMs, () => after(pauseMs));
  if (answer === undefined) throw new Error(`Not within ${withinMs} ms: ${what}`);
  return answer;
}

/** As `eventually`, for whoever goes on in both cases: false when the condition does not hold within the time. */
export async function becomes(
  condition: () => boolean | Promise<boolean>,
  withinMs: number,
): Promise<boolean> {
  return (await poll(condition, withinMs, () => after(pauseMs))) ?? false;
}

/** Lets the event loop turn until the condition holds: for what this process does by itself. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  if (!(await poll(condition, turnsMs, turn))) throw new Error(`never became true: ${condition.toString()}`);
}

/** Rejects when the work takes longer. */
export async function within<T>(limitMs: number, what: string, work: Promise<T>): Promise<T> {
  const stop = new AbortController();
  const late = after(limitMs, undefined, { signal: stop.signal }).then(() => {
    throw new Error(`${what} took longer than ${limitMs} ms.`);
  });
  late.catch(() => undefined);
  try {
    return await Promise.race([work, late]);
  } finally {
    stop.abort();
  }
}

/** The first answer that is one; undefined when none comes within the time. */
async function poll<T>(
  ask: () => Promise<T | undefined | false> | T | undefined | false,
  withinMs: number,
  pause: () => Promise<unknown>,
): Promise<T | undefined> {
  const giveUpAtMs = performance.now() + withinMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (performance.now() > giveUpAtMs) return undefined;
    await pause();
  }
}
