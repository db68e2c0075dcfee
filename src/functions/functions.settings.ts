import { integer, settingsGroup, type SettingsOf } from '../common/settings/settings.js';

export const functionsSettings = settingsGroup('functions', {
  maxFunctions: integer({
    variable: 'GLAMBDAR_MAX_FUNCTIONS',
    meaning: 'Most functions on this server.',
    defaultValue: 10_000,
    min: 1,
    max: 1_000_000,
  }),
  storeLockTimeoutMs: integer({
    variable: 'GLAMBDAR_STORE_LOCK_TIMEOUT_MS',
    meaning:
      'Longest wait of a deployment or deletion while another program writes to the database, in milliseconds; calls wait too.',
    defaultValue: 5000,
    min: 0,
    max: 60_000,
  }),
});

export type FunctionsSettings = SettingsOf<typeof functionsSettings>;
