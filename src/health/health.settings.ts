import { integer, settingsGroup, type SettingsOf } from '../common/settings/settings.js';

export const healthSettings = settingsGroup('health', {
  freeDiskMiB: integer({
    variable: 'GLAMBDAR_READY_FREE_DISK_MIB',
    meaning: 'Free space of the disk below which the server is not ready, in MiB.',
    defaultValue: 256,
    min: 0,
    max: 1_073_741_824,
  }),
  checkTimeoutMs: integer({
    variable: 'GLAMBDAR_READY_TIMEOUT_MS',
    meaning: 'Longest time that one check of readiness may take, in milliseconds.',
    defaultValue: 800,
    min: 1,
    max: 60_000,
  }),
});

export type HealthSettings = SettingsOf<typeof healthSettings>;
