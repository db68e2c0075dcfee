import { integer, settingsGroup, type SettingsOf } from '../common/settings/settings.js';

export const statsSettings = settingsGroup('stats', {
  functions: integer({
    variable: 'GLAMBDAR_STATS_FUNCTIONS',
    meaning:
      'How many functions have their own series in `GET /stats`: those called last. Each takes 40 KiB of memory.',
    defaultValue: 100,
    min: 0,
    max: 1000,
  }),
});

export type StatsSettings = SettingsOf<typeof statsSettings>;
