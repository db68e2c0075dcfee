const pauseMs = 20;

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
  const deadlineMs = performance.now() + withinMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (performance.now() > deadlineMs) throw new Error(`Not within ${withinMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}
