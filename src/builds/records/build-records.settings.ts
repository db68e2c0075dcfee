import { integer, settingsGroup, type SettingsOf } from '../../common/settings/settings.js';

const mebibyte = 1024 * 1024;

export const buildRecordsSettings = settingsGroup('build-records', {
  builds: integer({
    variable: 'GLAMBDAR_BUILDS',
    meaning: 'Most builds whose log is stored, the oldest are deleted first; of one function a tenth of it.',
    defaultValue: 1000,
    min: 10,
    max: 100_000,
  }),
  logBytes: integer({
    variable: 'GLAMBDAR_BUILD_LOG_BYTES',
    meaning:
      'Most bytes stored of the logs of all builds, counting 64 for each line in addition to its text.',
    defaultValue: 64 * mebibyte,
    min: 4 * mebibyte,
    max: 65_536 * mebibyte,
  }),
  followers: integer({
    variable: 'GLAMBDAR_BUILD_FOLLOWERS',
    meaning: 'Most clients that follow builds at the same time.',
    defaultValue: 64,
    min: 1,
    max: 10_000,
  }),
});

export type BuildRecordsSettings = SettingsOf<typeof buildRecordsSettings>;
