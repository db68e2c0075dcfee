import { validateSync } from 'class-validator';
import { cpus, totalmem } from 'node:os';
import { DomainError } from '../../common/errors/domain-error.js';
import { integer } from '../../common/settings/setting.js';
import { settingsGroup, type SettingsOf } from '../../common/settings/settings-group.js';
import type { ChosenSettings, FunctionSettings } from '../function.js';
import { FunctionSettingsDto, settingNames } from './function-settings.dto.js';

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
      "Memory of a function's container, its /tmp included, in MiB; the default of `memoryMiB`, and every stem's.",
    defaultValue: 128,
    min: 64,
    max: 1_048_576,
  }),
  cpuMillis: integer({
    variable: 'GLAMBDAR_CPU_MILLIS',
    meaning:
      "Processor time of a function's container, in thousandths of a core; the default of `cpuMillis`, and every stem's.",
    defaultValue: 1000,
    min: 10,
    max: 1_024_000,
  }),
  tmpMiB: integer({
    variable: 'GLAMBDAR_TMP_MIB',
    meaning:
      "Size of the writable /tmp, which counts towards the memory, in MiB; the default of `tmpMiB`, and every stem's.",
    defaultValue: 64,
    min: 1,
    max: 1_048_576,
  }),
  maxConcurrency: integer({
    variable: 'GLAMBDAR_RUNNING_CALLS_PER_FUNCTION',
    meaning:
      'Most calls of one function that run at the same time; the default of `maxConcurrency` of a `fresh` function, a `warm` one has its `maxContainers`.',
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

/** What was chosen, and the default for the rest. */
export function completeSettings(
  chosen: ChosenSettings,
  defaults: FunctionDefaults = builtInDefaults,
): FunctionSettings {
  const isolation = chosen.isolation ?? 'fresh';
  const maxContainers = chosen.maxContainers ?? 4;
  const memoryMiB = chosen.memoryMiB ?? defaults.memoryMiB;
  return {
    description: '',
    handler: 'index.handler',
    environment: {},
    responseFormat: 'simple',
    timeoutSeconds: defaults.timeoutSeconds,
    memoryMiB,
    cpuMillis: defaults.cpuMillis,
    // Who chose less memory did not choose a `/tmp` that is larger than it.
    tmpMiB: Math.min(defaults.tmpMiB, memoryMiB),
    minContainers: 0,
    maxConcurrency: isolation === 'warm' ? maxContainers : defaults.maxConcurrency,
    idleTimeoutSeconds: 300,
    egress: [],
    ...chosen,
    isolation,
    maxContainers,
    chosen,
  };
}

export const defaultFunctionSettings = completeSettings({});

/** What settings are held to beside their own rules. */
export interface SettingsBounds {
  readonly defaults: FunctionDefaults;
  /** Of the machine: the engine refuses a container that asks for more cores than there are. */
  readonly cores: number;
  /** Of the machine. */
  readonly totalMemoryMiB: number;
}

export function boundsOfMachine(defaults: FunctionDefaults): SettingsBounds {
  return { defaults, cores: cpus().length, totalMemoryMiB: Math.floor(totalmem() / 1024 / 1024) };
}

/** The settings that follow from what somebody chose. Throws `INVALID_SETTINGS` that names field and rule. */
export function chooseSettings(candidate: object, bounds: SettingsBounds): FunctionSettings {
  const settings = completeSettings(chosenIn(candidate), bounds.defaults);
  requireTogether(settings, bounds);
  return settings;
}

/** Throws `INVALID_SETTINGS` for a field that is no setting; text that is too long for a name is cut. */
export function requireKnown(candidate: object): void {
  // Asked here and not of the validator, which takes names that every object has (`constructor`) for known ones.
  const known: readonly string[] = settingNames;
  const unknown = Object.keys(candidate)
    .find((name) => !known.includes(name))
    ?.slice(0, 64);
  if (unknown !== undefined) throw invalidSettings(unknown, `there is no setting ${unknown}`);
}

export function invalidSettings(field: string, rule: string): DomainError {
  return new DomainError('INVALID_SETTINGS', `The settings were refused: ${rule}.`, { field, reason: rule });
}

function chosenIn(candidate: object): ChosenSettings {
  requireKnown(candidate);
  const dto = Object.assign(new FunctionSettingsDto(), candidate);
  const [problem] = validateSync(dto, { stopAtFirstError: true });
  if (problem) {
    const [rule] = Object.values(problem.constraints ?? {});
    throw invalidSettings(problem.property, rule ?? `${problem.property} is not valid`);
  }
  return Object.fromEntries(Object.entries(dto).filter(([, value]) => value !== undefined));
}

function requireTogether(
  settings: FunctionSettings,
  { defaults, cores, totalMemoryMiB }: SettingsBounds,
): void {
  const { chosen } = settings;
  if (settings.maxContainers < settings.minContainers) {
    throw invalidSettings('maxContainers', 'maxContainers must not be less than minContainers');
  }
  if (settings.tmpMiB > settings.memoryMiB) {
    throw invalidSettings('tmpMiB', 'tmpMiB must not be greater than memoryMiB, which it counts towards');
  }
  // The server's own defaults are its operator's business.
  const mostMiB = defaults.largestMemoryMiB || Math.floor(totalMemoryMiB / 2);
  if (chosen.memoryMiB !== undefined && chosen.memoryMiB > mostMiB) {
    throw invalidSettings('memoryMiB', `memoryMiB must not be greater than ${mostMiB} on this server`);
  }
  if (chosen.cpuMillis !== undefined && chosen.cpuMillis > cores * 1000) {
    throw invalidSettings('cpuMillis', `cpuMillis must not be greater than ${cores * 1000} on this machine`);
  }
}

/**
 * RFC 7396: what the patch names takes its value, `null` takes a member away, objects are merged member by member.
 * Members are compared and made as entries, so that none of them is ever the prototype.
 */
export function mergePatch(target: unknown, patch: object): object {
  const merged = new Map<string, unknown>(isObject(target) ? Object.entries(target) : []);
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) merged.delete(name);
    else merged.set(name, isObject(value) ? mergePatch(merged.get(name), value) : value);
  }
  return Object.fromEntries(merged);
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
