import type { SettingResponse } from '@glambdar/client';

/** All, or those that somebody has set. */
export type Shown = 'all' | 'set';

/** Settings that have every word of the search in their name or description. */
export function settingsFound(
  settings: readonly SettingResponse[],
  search: string,
  shown: Shown,
): readonly SettingResponse[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  return settings.filter(({ name, description, source }) => {
    const text = `${name} ${description}`.toLowerCase();
    return (shown === 'all' || source === 'environment') && words.every((word) => text.includes(word));
  });
}
