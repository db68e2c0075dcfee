/** Where a call's container came from, in words. */
const origins: Readonly<Record<string, string>> = {
  'fresh-pool': 'a container that was ready: the code was loaded before the call came',
  prewarmed: 'a prewarmed container, into which the code was loaded',
  cold: 'a new container, created for this call',
  warm: 'a container that has served earlier calls',
};

/** Undefined for a call without a container. A function may claim another origin in its own header. */
export function originInWords(origin: string | null): string | undefined {
  return origin === null ? undefined : origins[origin];
}
