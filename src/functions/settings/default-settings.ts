import { integer, settingsGroup, type SettingsOf } from '../../common/settings/settings.js';
import { defaultRuntime } from '../../runtimes/runtime.js';
import type { ChosenSettings, CorsRule, FunctionSettings, RateLimit, RetryRule } from '../function.js';

/** What a function has that chooses nothing, and how much it may choose. */
export const functionDefaults = settingsGroup('functionDefaults', {
  timeoutSeconds: integer({
    variable: 'GLAMBDAR_CALL_TIMEOUT_SECONDS',
    meaning: 'Longest time a handler may take for one call, in seconds; the default of `timeoutSeconds`.',
    defaultValue: 30,
    min: 1,
    max: 900,
  }),
  memoryMiB: integer({
    variable: 'GLAMBDAR_MEMORY_MIB',
    meaning:
      "Memory of a function's container, including /tmp, in MiB; the default of `memoryMiB`, and the memory of prewarmed containers.",
    defaultValue: 128,
    min: 64,
    max: 1_048_576,
  }),
  cpuMillis: integer({
    variable: 'GLAMBDAR_CPU_MILLIS',
    meaning:
      "CPU of a function's container, in thousandths of a core; the default of `cpuMillis`, and the CPU of prewarmed containers.",
    defaultValue: 1000,
    min: 10,
    max: 1_024_000,
  }),
  tmpMiB: integer({
    variable: 'GLAMBDAR_TMP_MIB',
    meaning:
      'Size of the writable /tmp, which counts towards the memory, in MiB; the default of `tmpMiB`, and the size in prewarmed containers.',
    defaultValue: 64,
    min: 1,
    max: 1_048_576,
  }),
  maxConcurrency: integer({
    variable: 'GLAMBDAR_RUNNING_CALLS_PER_FUNCTION',
    meaning:
      'Most running calls of one function; the default of `maxConcurrency` for a `fresh` function. For a `warm` one it is its `maxContainers`.',
    defaultValue: 16,
    min: 1,
    max: 4096,
  }),
  largestMemoryMiB: integer({
    variable: 'GLAMBDAR_LARGEST_MEMORY_MIB',
    meaning: "Most memory that a function may choose, in MiB; 0 for half of the machine's memory.",
    defaultValue: 0,
    min: 0,
    max: 16_777_216,
  }),
});

export type FunctionDefaults = SettingsOf<typeof functionDefaults>;

/** The defaults where no variable of the server says otherwise. */
export const builtInDefaults = Object.fromEntries(
  Object.entries(functionDefaults.definitions).map(([name, { defaultValue }]) => [name, defaultValue]),
) as FunctionDefaults;

/** Six hours: a webhook's sender, or a service that it needs, may be down overnight, but not unnoticed for days. */
export const defaultRetry: RetryRule = { maxAttempts: 3, maxAgeSeconds: 6 * 60 * 60 };

const noRateLimit: RateLimit = { perAddress: 0, total: 0 };

/** Who needs no key is nobody's to revoke. */
export const publicRateLimit: RateLimit = { perAddress: 30, total: 0 };

/** Of a function that names its pages and no more. */
export const defaultCors: CorsRule = {
  origins: [],
  methods: ['*'],
  headers: ['*'],
  exposedHeaders: [],
  credentials: false,
  maxAgeSeconds: 0,
};

/** What was chosen, and the default for the rest. */
export function completeSettings(
  chosen: ChosenSettings,
  defaults: FunctionDefaults = builtInDefaults,
): FunctionSettings {
  const isolation = chosen.isolation ?? 'fresh';
  const maxContainers = chosen.maxContainers ?? 4;
  const memoryMiB = chosen.memoryMiB ?? defaults.memoryMiB;
  const access = chosen.access ?? 'key';
  return {
    description: '',
    runtime: defaultRuntime,
    handler: 'index.handler',
    environment: {},
    responseFormat: 'simple',
    timeoutSeconds: defaults.timeoutSeconds,
    memoryMiB,
    cpuMillis: defaults.cpuMillis,
    // Who chose less memory did not choose a `/tmp` that is larger than it.
    tmpMiB: Math.min(defaults.tmpMiB, memoryMiB),
    sandbox: 'container',
    minContainers: 0,
    maxConcurrency: isolation === 'warm' ? maxContainers : defaults.maxConcurrency,
    idleTimeoutSeconds: 300,
    egress: [],
    build: 'auto',
    installScripts: false,
    access,
    hosts: [],
    onSuccess: null,
    onFailure: null,
    maxQueuedEvents: 10_000,
    idempotency: false,
    schedules: {},
    ...chosen,
    isolation,
    maxContainers,
    rateLimit: { ...(access === 'public' ? publicRateLimit : noRateLimit), ...chosen.rateLimit },
    cors: chosen.cors ? { ...defaultCors, ...chosen.cors } : null,
    retry: { ...defaultRetry, ...chosen.retry },
    chosen,
  };
}

export const defaultFunctionSettings = completeSettings({});
