import { homedir } from 'node:os';
import { readEnvironment } from '../settings/settings.js';
import { defaultDirectory } from './default-directory.js';
import type { InstallationSettings } from './installation.settings.js';

/** The directory that is set, or the default of whoever runs this. */
export function wantedDirectory({ directory }: InstallationSettings): string {
  if (directory !== '') return directory;
  return defaultDirectory({
    isRoot: process.getuid?.() === 0,
    home: homedir(),
    dataHome: readEnvironment()['XDG_DATA_HOME'],
  });
}
