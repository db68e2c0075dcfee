import type { AnySettingsGroup, SettingsOf } from '../../../src/common/settings/settings-group.js';

/** A group's defaults, with what a test changes. */
export function settingsFor<G extends AnySettingsGroup>(
  group: G,
  changed: Partial<SettingsOf<G>> = {},
): SettingsOf<G> {
  const defaults = Object.entries(group.definitions).map(([name, { defaultValue }]) => [name, defaultValue]);
  return { ...(Object.fromEntries(defaults) as SettingsOf<G>), ...changed };
}
