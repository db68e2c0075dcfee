import { cpus, totalmem } from 'node:os';
import { readFields, refusedField } from '../../common/input/read-fields.js';
import type { ChosenSettings, FunctionSettings } from '../function.js';
import { completeSettings, type FunctionDefaults } from './default-settings.js';
import { FunctionSettingsDto } from './function-settings.dto.js';

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
  requireTogetherOfCors(settings);
  return settings;
}

function chosenIn(candidate: object): ChosenSettings {
  const dto = readFields(FunctionSettingsDto, candidate, 'settings');
  return Object.fromEntries(Object.entries(dto).filter(([, value]) => value !== undefined));
}

function requireTogetherOfCors({ cors }: FunctionSettings): void {
  if (cors?.credentials === true && cors.origins.includes('*')) {
    throw refusedField('cors', 'cors.origins must name the pages, and not *, where cors.credentials is true');
  }
}

function requireTogether(
  settings: FunctionSettings,
  { defaults, cores, totalMemoryMiB }: SettingsBounds,
): void {
  const { chosen } = settings;
  if (settings.maxContainers < settings.minContainers) {
    throw refusedField('maxContainers', 'maxContainers must not be less than minContainers');
  }
  if (settings.tmpMiB > settings.memoryMiB) {
    throw refusedField('tmpMiB', 'tmpMiB must not be greater than memoryMiB, which it counts towards');
  }
  // The server's own defaults are its operator's business.
  const mostMiB = defaults.largestMemoryMiB || Math.floor(totalMemoryMiB / 2);
  if (chosen.memoryMiB !== undefined && chosen.memoryMiB > mostMiB) {
    throw refusedField('memoryMiB', `memoryMiB must not be greater than ${mostMiB} on this server`);
  }
  if (chosen.cpuMillis !== undefined && chosen.cpuMillis > cores * 1000) {
    throw refusedField('cpuMillis', `cpuMillis must not be greater than ${cores * 1000} on this machine`);
  }
}

/**
 * RFC 7396: what the patch names takes its value, `null` takes a member away, objects are merged member by member.
 * Members are compared and made as entries, so that none of them is ever the prototype.
 */
export function mergePatch(target: unknown, patch: object, isWhole: IsWhole = neverWhole): object {
  const merged = new Map<string, unknown>(isObject(target) ? Object.entries(target) : []);
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) merged.delete(name);
    else if (!isObject(value) || isWhole(name)) merged.set(name, value);
    else
      merged.set(name, mergePatch(merged.get(name), value, name === 'schedules' ? alwaysWhole : neverWhole));
  }
  return Object.fromEntries(merged);
}

/** Whether a member takes the place of the one before it, and nothing of that stays. */
type IsWhole = (name: string) => boolean;

const neverWhole: IsWhole = () => false;
/** Of two merged schedules one would have `cron` and `every`, and a payload may have members that are null. */
const alwaysWhole: IsWhole = () => true;

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
