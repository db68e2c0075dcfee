const untilMs = 50_000;

/** Lets the event loop turn until the condition holds; gives up, with its text, before the test's own limit. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const startedMs = performance.now();
  while (!(await condition())) {
    if (performance.now() - startedMs > untilMs)
      throw new Error(`never became true: ${condition.toString()}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}
