import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { readEnvironment, settingsGroup, type SettingsOf, text } from '../settings/settings.js';

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

/** Who runs the server, as far as it decides where its files go. */
interface ServerUser {
  readonly isRoot: boolean;
  readonly home: string;
  /** `$XDG_DATA_HOME`; a relative one counts as unset, as its specification demands. */
  readonly dataHome: string | undefined;
}

export function defaultDirectory({ isRoot, home, dataHome }: ServerUser): string {
  if (isRoot) return '/var/lib/glambdar';
  if (dataHome !== undefined && isAbsolute(dataHome)) return join(dataHome, 'glambdar');
  return join(home, '.local', 'share', 'glambdar');
}

/** The directory that is set, or the default of whoever runs this. */
export function wantedDirectory({ directory }: InstallationSettings): string {
  if (directory !== '') return directory;
  return defaultDirectory({
    isRoot: process.getuid?.() === 0,
    home: homedir(),
    dataHome: readEnvironment()['XDG_DATA_HOME'],
  });
}
