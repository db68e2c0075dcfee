import { cpus, totalmem } from 'node:os';
import { readFields, refusedField } from '../../common/input/read-fields.js';
import type { ChosenSettings, FunctionSettings, SettingFields } from '../function.js';
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
  const broken = rulesTogether(settings, bounds).find(({ isKept }) => !isKept);
  if (broken) throw refusedField(broken.field, broken.rule);
  return settings;
}

function chosenIn(candidate: object): ChosenSettings {
  const dto = readFields(FunctionSettingsDto, candidate, 'settings');
  return Object.fromEntries(Object.entries(dto).filter(([, value]) => value !== undefined));
}

/** A rule that one field alone cannot break. */
interface RuleTogether {
  readonly field: keyof SettingFields;
  readonly isKept: boolean;
  /** A sentence without its end. */
  readonly rule: string;
}

function rulesTogether(settings: FunctionSettings, bounds: SettingsBounds): readonly RuleTogether[] {
  const { chosen, cors, maxContainers, minContainers, memoryMiB, tmpMiB } = settings;
  const { defaults, totalMemoryMiB } = bounds;
  const mostMiB = defaults.largestMemoryMiB || Math.floor(totalMemoryMiB / 2);
  const mostMillis = bounds.cores * 1000;
  return [
    {
      field: 'maxContainers',
      isKept: maxContainers >= minContainers,
      rule: 'maxContainers must not be less than minContainers',
    },
    {
      field: 'tmpMiB',
      isKept: tmpMiB <= memoryMiB,
      rule: 'tmpMiB must not be greater than memoryMiB, which it counts towards',
    },
    // The server's own defaults are its operator's business.
    {
      field: 'memoryMiB',
      isKept: (chosen.memoryMiB ?? 0) <= mostMiB,
      rule: `memoryMiB must not be greater than ${mostMiB} on this server`,
    },
    {
      field: 'cpuMillis',
      isKept: (chosen.cpuMillis ?? 0) <= mostMillis,
      rule: `cpuMillis must not be greater than ${mostMillis} on this machine`,
    },
    // Otherwise any page could call in the name of whoever visits it.
    {
      field: 'cors',
      isKept: cors?.credentials !== true || !cors.origins.includes('*'),
      rule: 'cors.origins must name the pages, and not *, where cors.credentials is true',
    },
    // A browser takes it for a header of this name then.
    {
      field: 'cors',
      isKept: cors?.credentials !== true || !cors.exposedHeaders.includes('*'),
      rule: 'cors.exposedHeaders must name the headers, and not *, where cors.credentials is true',
    },
  ];
}

/** What somebody chose after a patch. A patch names single variables and schedules; of a schedule it sets all of it. */
export function patchChosen(chosen: object | undefined, patch: object): object {
  return mergePatch(chosen, patch, (before, value, name) =>
    name === 'schedules' && isObject(value) ? mergePatch(before, value, replaced) : merged(before, value),
  );
}

/** What becomes of a member that both have. */
type MergeMember = (before: unknown, value: unknown, name: string) => unknown;

function merged(before: unknown, value: unknown): unknown {
  return isObject(value) ? mergePatch(before, value) : value;
}

/** Of two merged schedules one would have `cron` and `every`, and a payload may have members that are null. */
function replaced(_before: unknown, value: unknown): unknown {
  return value;
}

/**
 * RFC 7396: what the patch names takes its value, `null` takes a member away, objects are merged member by member.
 * Members are compared and made as entries, so that none of them is ever the prototype.
 */
export function mergePatch(target: unknown, patch: object, mergeMember: MergeMember = merged): object {
  const members = new Map<string, unknown>(isObject(target) ? Object.entries(target) : []);
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) members.delete(name);
    else members.set(name, mergeMember(members.get(name), value, name));
  }
  return Object.fromEntries(members);
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
