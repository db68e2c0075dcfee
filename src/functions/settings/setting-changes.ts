import { isDeepStrictEqual } from 'node:util';
import { ApiProperty } from '../../common/openapi/documentation.js';
import type { SettingFields } from '../function.js';
import { settingNames } from './function-settings.dto.js';

/** A setting's value: text, number, truth or texts; of a variable that is not there, null. */
const anyValue = {
  oneOf: [
    { type: 'string' },
    { type: 'integer' },
    { type: 'boolean' },
    { type: 'array', items: { type: 'string' } },
    { type: 'null' },
  ],
};

/** One setting that has another value in force than before. */
export class SettingChange {
  @ApiProperty({
    description: "The setting's name; for a variable, `environment.` and its name.",
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
    return name === 'environment'
      ? variableChanges(before.environment, after.environment)
      : [new SettingChange(name, before[name], after[name])];
  });
}

type Variables = SettingFields['environment'];

function variableChanges(before: Variables, after: Variables): SettingChange[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  const valueOf = (variables: Variables, name: string) =>
    Object.hasOwn(variables, name) ? variables[name] : null;
  return [...names]
    .sort()
    .filter((name) => valueOf(before, name) !== valueOf(after, name))
    .map((name) => new SettingChange(`environment.${name}`, valueOf(before, name), valueOf(after, name)));
}
