import type { ArchiveLimits } from '../../../src/code/archive/archive-limits.js';
import { archiveSettings, limitsFrom } from '../../../src/code/archive/archive.settings.js';
import type { SettingsOf } from '../../../src/common/settings/settings-group.js';

/** The settings as they are when the environment sets none. */
export const defaultArchiveSettings = Object.fromEntries(
  Object.entries(archiveSettings.definitions).map(([name, { defaultValue }]) => [name, defaultValue]),
) as SettingsOf<typeof archiveSettings>;

export const defaultLimits: ArchiveLimits = limitsFrom(defaultArchiveSettings);
