import { oneOf, settingsGroup, type SettingsOf, text } from '../../../common/settings/settings.js';
import type { RuntimeName } from './runtime-version.js';

/** What stands in a table of mounts and in a configuration as it is: no blank, comma, colon or backslash. */
const plainPath = /^(\/[\w.-]+)+$/;

export const ociSettings = settingsGroup('oci', {
  runtime: oneOf<'' | RuntimeName>({
    variable: 'GLAMBDAR_OCI_RUNTIME',
    meaning:
      'OCI runtime that the server runs where GLAMBDAR_ENGINE is oci; empty for crun, or runc where there is no crun.',
    defaultValue: '',
    choices: ['', 'crun', 'runc', 'runsc'],
  }),
  images: text({
    variable: 'GLAMBDAR_OCI_IMAGES',
    meaning: 'Directory of the unpacked images, where GLAMBDAR_ENGINE is oci.',
    defaultValue: '/var/lib/glambdar-images',
    rule: 'an absolute path of letters, digits, dots, dashes and underscores',
    isConfidential: true,
    pattern: plainPath,
  }),
  state: text({
    variable: 'GLAMBDAR_OCI_STATE',
    meaning:
      'Directory of what the server notes about running containers, where GLAMBDAR_ENGINE is oci; best in memory.',
    defaultValue: '/run/glambdar-oci',
    rule: 'an absolute path of letters, digits, dots, dashes and underscores',
    isConfidential: true,
    pattern: plainPath,
  }),
});

export type OciSettings = SettingsOf<typeof ociSettings>;
