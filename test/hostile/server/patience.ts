import { setTimeout as after } from 'node:timers/promises';

const pollMs = 25;

/** Resolves true as soon as the condition holds, false when it does not within the time. */
export async function becomes(
  condition: () => boolean | Promise<boolean>,
  withinMs: number,
): Promise<boolean> {
  const giveUpAtMs = performance.now() + withinMs;
  while (!(await condition())) {
    if (performance.now() > giveUpAtMs) return false;
    await after(pollMs);
  }
  return true;
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
