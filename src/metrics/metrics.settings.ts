import { integer, settingsGroup, type SettingsOf } from '../common/settings/settings.js';

export const metricsSettings = settingsGroup('metrics', {
  functions: integer({
    variable: 'GLAMBDAR_METRICS_FUNCTIONS',
    meaning:
      'How many functions have their own metrics: the first ones called. All others are counted together as `_other`.',
    defaultValue: 100,
    min: 0,
    max: 10_000,
  }),
});

export type MetricsSettings = SettingsOf<typeof metricsSettings>;
