import { integer } from '../../common/settings/setting.js';
import { settingsGroup } from '../../common/settings/settings-group.js';

export const codeSettings = settingsGroup('code', {
  diskReserveMiB: integer({
    variable: 'GLAMBDAR_DISK_RESERVE_MIB',
    meaning: 'Free disk space that no deployment may use up, in MiB: the database and sockets need it.',
    defaultValue: 256,
    min: 0,
    max: 1_000_000,
  }),
});
