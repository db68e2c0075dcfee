import { integer, settingsGroup } from '../common/settings/settings.js';

export const codeSettings = settingsGroup('code', {
  diskReserveMiB: integer({
    variable: 'GLAMBDAR_DISK_RESERVE_MIB',
    meaning: 'Free disk space that no deployment may use up, in MiB; the database and sockets need it.',
    defaultValue: 256,
    min: 0,
    max: 1_000_000,
  }),
  firstCheckMs: integer({
    variable: 'GLAMBDAR_CODE_CHECK_AFTER_MS',
    meaning: 'Time from the start until all published code is checked for the first time, in milliseconds.',
    defaultValue: 10_000,
    min: 0,
    max: 3_600_000,
  }),
  checkEveryHours: integer({
    variable: 'GLAMBDAR_CODE_CHECK_HOURS',
    meaning: 'Hours between two checks of all published code for changes; 0 checks it only after the start.',
    defaultValue: 24,
    min: 0,
    max: 500,
  }),
});
