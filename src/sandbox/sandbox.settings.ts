import { integer, settingsGroup, type SettingsOf } from '../common/settings/settings.js';

export const sandboxSettings = settingsGroup('sandbox', {
  startTimeoutMs: integer({
    variable: 'GLAMBDAR_START_TIMEOUT_MS',
    meaning: 'Longest time for a container to start and its worker to connect, in milliseconds.',
    defaultValue: 10_000,
    min: 100,
    max: 120_000,
  }),
  loadTimeoutMs: integer({
    variable: 'GLAMBDAR_LOAD_TIMEOUT_MS',
    meaning: "Longest time for a function's top-level code to run, in milliseconds.",
    defaultValue: 10_000,
    min: 100,
    max: 120_000,
  }),
  prewarmedContainers: integer({
    variable: 'GLAMBDAR_PREWARMED_CONTAINERS',
    meaning: 'Containers kept booted without a function, for calls that find none ready; 0 for none.',
    defaultValue: 2,
    min: 0,
    max: 64,
  }),
  parallelProvisions: integer({
    variable: 'GLAMBDAR_PARALLEL_PROVISIONS',
    meaning:
      'Most containers starting at the same time, until their workers connect; loading code afterwards does not count.',
    defaultValue: 8,
    min: 1,
    max: 64,
  }),
  budgetContainers: integer({
    variable: 'GLAMBDAR_POOL_CONTAINERS',
    meaning:
      'Most containers kept ready before calls, over all functions; the least recently useful are removed first.',
    defaultValue: 64,
    min: 0,
    max: 4096,
  }),
  budgetMemoryMiB: integer({
    variable: 'GLAMBDAR_POOL_MEMORY_MIB',
    meaning:
      "Most memory of the containers kept ready, by their limits, in MiB; 0 for half of the machine's memory.",
    defaultValue: 0,
    min: 0,
    max: 16_777_216,
  }),
  idleCpuPercent: integer({
    variable: 'GLAMBDAR_IDLE_CPU_PERCENT',
    meaning: 'An idle container that uses more than this share of one core is removed, in percent.',
    defaultValue: 5,
    min: 1,
    max: 100,
  }),
  warmCalls: integer({
    variable: 'GLAMBDAR_WARM_CALLS',
    meaning: 'Calls after which a warm container is replaced.',
    defaultValue: 100_000,
    min: 1,
    max: 1_000_000_000,
  }),
  warmAgeSeconds: integer({
    variable: 'GLAMBDAR_WARM_AGE_SECONDS',
    meaning: 'Age at which a warm container is replaced, in seconds.',
    defaultValue: 3600,
    min: 1,
    max: 604_800,
  }),
  outputBytes: integer({
    variable: 'GLAMBDAR_OUTPUT_BYTES',
    meaning: 'Most bytes stored of what one call prints; if there are more, the middle is dropped.',
    defaultValue: 65_536,
    min: 1024,
    max: 16_777_216,
  }),
  outputLines: integer({
    variable: 'GLAMBDAR_OUTPUT_LINES',
    meaning:
      'Most lines stored of what one call prints. If there are more, the middle is dropped and a line of the server says how many. The default is as many as one answer of GET /logs holds.',
    defaultValue: 1000,
    min: 8,
    max: 1_000_000,
  }),
  logLineBytes: integer({
    variable: 'GLAMBDAR_LOG_LINE_BYTES',
    meaning: 'Longest stored line of what a function prints, in bytes; longer ones are cut.',
    defaultValue: 16_384,
    min: 64,
    max: 1_048_576,
  }),
});

export type SandboxSettings = SettingsOf<typeof sandboxSettings>;
