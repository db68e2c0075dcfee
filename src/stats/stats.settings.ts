import { integer, settingsGroup, type SettingsOf } from '../common/settings/settings.js';

/** As many as one answer shows: with all of them busy for a day, reading them takes some ten milliseconds. */
const mostFunctions = 500;

export const statsSettings = settingsGroup('stats', {
  functions: integer({
    variable: 'GLAMBDAR_STATS_FUNCTIONS',
    meaning:
      'How many functions have their own series in `GET /stats`: those called last. Each takes 40 KiB of memory.',
    defaultValue: 100,
    min: 0,
    max: mostFunctions,
  }),
});

export type StatsSettings = SettingsOf<typeof statsSettings>;
