import { integer, settingsGroup, type SettingsOf } from '../common/settings/settings.js';

export const healthSettings = settingsGroup('health', {
  freeDiskMiB: integer({
    variable: 'GLAMBDAR_READY_FREE_DISK_MIB',
    meaning: 'With less free disk space than this, the server is not ready, in MiB.',
    defaultValue: 256,
    min: 0,
    max: 1_073_741_824,
  }),
  checkTimeoutMs: integer({
    variable: 'GLAMBDAR_READY_TIMEOUT_MS',
    meaning: 'Longest time for one readiness check, in milliseconds.',
    defaultValue: 800,
    min: 1,
    max: 60_000,
  }),
});

export type HealthSettings = SettingsOf<typeof healthSettings>;
