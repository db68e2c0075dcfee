import { settingsGroup, type SettingsOf, text } from '../settings/settings.js';

export const installationSettings = settingsGroup('installation', {
  directory: text({
    variable: 'GLAMBDAR_DIR',
    meaning:
      'Directory of everything the server keeps; empty for `/var/lib/glambdar` as root, else `$XDG_DATA_HOME/glambdar` or `~/.local/share/glambdar`.',
    defaultValue: '',
    rule: 'an absolute path',
    pattern: /^(\/[^\0]*)?$/,
  }),
});

export type InstallationSettings = SettingsOf<typeof installationSettings>;
