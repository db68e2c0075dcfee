import { integer, type Setting, settingsGroup, type SettingsOf, text } from '../common/settings/settings.js';

/** A URL of a registry as npm takes it: no credentials, since a build must not have any. */
export function registryIn(entry: string): URL | undefined {
  const url = URL.parse(entry.trim());
  const isRegistry =
    (url?.protocol === 'https:' || url?.protocol === 'http:') &&
    url.username === '' &&
    url.password === '' &&
    url.search === '' &&
    url.hash === '';
  return isRegistry ? url : undefined;
}

const registries: Setting<string> = {
  variable: 'GLAMBDAR_BUILD_REGISTRIES',
  meaning:
    "Package registries that builds may reach, as URLs separated by commas; the first is npm's. A host that you name here is reached at any address, private ones included; everything else is refused.",
  defaultValue: 'https://registry.npmjs.org',
  rule: 'URLs such as https://registry.npmjs.org or http://10.0.0.5:4873, without credentials, with commas between them',
  parse: (list) => (list.split(',').every((entry) => registryIn(entry)) ? list : undefined),
};

const image = (variable: string, runtime: string, defaultValue: string) =>
  text({
    variable,
    meaning: `Image for builds of functions with the runtime ${runtime}; it is never pulled.`,
    defaultValue,
    rule: 'an image reference: name, name:tag or name@digest',
    pattern: /^[a-z0-9][a-z0-9._/:@-]{0,254}$/,
  });

export const buildsSettings = settingsGroup('builds', {
  registries,
  timeoutSeconds: integer({
    variable: 'GLAMBDAR_BUILD_TIMEOUT_SECONDS',
    meaning: 'Longest time that a build may run, in seconds; waiting for its turn may take as long again.',
    defaultValue: 300,
    min: 1,
    max: 3600,
  }),
  fetchTimeoutSeconds: integer({
    variable: 'GLAMBDAR_BUILD_FETCH_TIMEOUT_SECONDS',
    meaning: 'Longest time that a build waits for one answer of a registry, in seconds.',
    defaultValue: 30,
    min: 1,
    max: 3600,
  }),
  memoryMiB: integer({
    variable: 'GLAMBDAR_BUILD_MEMORY_MIB',
    meaning: "Memory of a build's container, its disk included, in MiB.",
    defaultValue: 1024,
    min: 128,
    max: 1_048_576,
  }),
  diskMiB: integer({
    variable: 'GLAMBDAR_BUILD_DISK_MIB',
    meaning:
      'Size of the disk that a build works on, in MiB; it counts towards the memory and should stay below it.',
    defaultValue: 512,
    min: 16,
    max: 1_048_576,
  }),
  cpuMillis: integer({
    variable: 'GLAMBDAR_BUILD_CPU_MILLIS',
    meaning: "CPU of a build's container, in thousandths of a core.",
    defaultValue: 1000,
    min: 10,
    max: 1_024_000,
  }),
  parallel: integer({
    variable: 'GLAMBDAR_BUILDS_PARALLEL',
    meaning: 'Builds that run at the same time.',
    defaultValue: 2,
    min: 1,
    max: 64,
  }),
  waiting: integer({
    variable: 'GLAMBDAR_BUILDS_WAITING',
    meaning:
      'Most builds that wait for their turn; further ones are refused. Each holds one of the deployments that `GLAMBDAR_PARALLEL_DEPLOYS` counts.',
    defaultValue: 4,
    min: 0,
    max: 1000,
  }),
  logMiB: integer({
    variable: 'GLAMBDAR_BUILD_OUTPUT_MIB',
    meaning: 'Most that a build may print, in MiB; one that prints more is ended.',
    defaultValue: 8,
    min: 1,
    max: 1024,
  }),
  cacheMiB: integer({
    variable: 'GLAMBDAR_BUILD_CACHE_MIB',
    meaning:
      'Disk space for installed packages that later builds with the same lock file use again, in MiB; 0 for none.',
    defaultValue: 1024,
    min: 0,
    max: 1_048_576,
  }),
  'nodejs24.x': image('GLAMBDAR_BUILD_IMAGE', 'nodejs24.x', 'glambdar-build'),
  'nodejs22.x': image('GLAMBDAR_BUILD_IMAGE_NODEJS22', 'nodejs22.x', 'glambdar-build-nodejs22.x'),
  'nodejs26.x': image('GLAMBDAR_BUILD_IMAGE_NODEJS26', 'nodejs26.x', 'glambdar-build-nodejs26.x'),
});

export type BuildsSettings = SettingsOf<typeof buildsSettings>;

/** The first is npm's. */
export function registriesOf({ registries: list }: Pick<BuildsSettings, 'registries'>): readonly URL[] {
  return list.split(',').flatMap((entry) => registryIn(entry) ?? []);
}
