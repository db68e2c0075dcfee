import { isDeepStrictEqual } from 'node:util';
import { ApiProperty } from '../../common/openapi/documentation.js';
import type { SettingFields } from '../function.js';
import { settingNames } from './function-settings.dto.js';

/** A setting's value, or that of one of its members; of a member that is not there, null. */
const anyValue = {
  oneOf: [
    { type: 'string' },
    { type: 'integer' },
    { type: 'boolean' },
    { type: 'array', items: { type: 'string' } },
    { type: 'object' },
    { type: 'null' },
  ],
};

/** One setting that has another value in force than before. */
export class SettingChange {
  @ApiProperty({
    description:
      "The setting's name; for a member of one, such as a variable, both names with a dot between.",
    example: 'memoryMiB',
  })
  readonly field: string;

  @ApiProperty({ ...anyValue, description: 'The previous value; null if the variable is new.', example: 128 })
  readonly from: unknown;

  @ApiProperty({
    ...anyValue,
    description: 'The new value; null if the variable was removed.',
    example: 256,
  })
  readonly to: unknown;

  constructor(field: string, from: unknown, to: unknown) {
    this.field = field;
    this.from = from;
    this.to = to;
  }
}

/**
 * What differs between two states of a function's settings, in the order in which settings are shown. Values in force
 * are compared, so a default that follows from another setting is named, too, and a choice of what held anyway is not.
 */
export function settingChanges(before: SettingFields, after: SettingFields): SettingChange[] {
  return settingNames.flatMap((name) => {
    if (isDeepStrictEqual(before[name], after[name])) return [];
    const [from, to] = [before[name], after[name]];
    return isByMember(from) && isByMember(to)
      ? memberChanges(name, from, to)
      : [new SettingChange(name, from, to)];
  });
}

type Members = Readonly<Record<string, unknown>>;

function isByMember(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function memberChanges(setting: string, before: Members, after: Members): SettingChange[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  const valueOf = (members: Members, name: string) => (Object.hasOwn(members, name) ? members[name] : null);
  return [...names]
    .sort()
    .filter((name) => !isDeepStrictEqual(valueOf(before, name), valueOf(after, name)))
    .map((name) => new SettingChange(`${setting}.${name}`, valueOf(before, name), valueOf(after, name)));
}
