import { settingsGroup, type SettingsOf, text } from '../settings/settings.js';

export const installationSettings = settingsGroup('installation', {
  directory: text({
    variable: 'GLAMBDAR_DIR',
    meaning:
      'Directory for everything the server keeps; if empty, `/var/lib/glambdar` for root, otherwise `$XDG_DATA_HOME/glambdar` or `~/.local/share/glambdar`.',
    defaultValue: '',
    rule: 'an absolute path',
    pattern: /^(\/[^\0]*)?$/,
  }),
});

export type InstallationSettings = SettingsOf<typeof installationSettings>;
