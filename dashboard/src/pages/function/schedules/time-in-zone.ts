/** Day and time in another time zone; undefined where there is none, or one that the browser does not know. */
export function timeIn(timeZone: string | undefined, at: string): string | undefined {
  if (timeZone === undefined) return undefined;
  try {
    const format = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'medium', timeZone });
    return format.format(new Date(at));
  } catch {
    return undefined;
  }
}

/** The reader's own. */
export function ownTimeZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** All that the browser knows, to choose from. */
export function timeZones(): readonly string[] {
  return ['UTC', ...Intl.supportedValuesOf('timeZone').filter((zone) => zone !== 'UTC')];
}
