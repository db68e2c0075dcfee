import { usageError } from '../errors/command-error.js';
import type { SettingSchema, SettingsSchema } from './schema.js';

/** A merge patch of settings. */
export type SettingsPatch = Record<string, unknown>;

/**
 * `timeoutSeconds=30`, `environment.GREETING=Hello` and `egress=["public"]` as one patch. Which type a value has, the
 * server's schema says; whether it is within limits, the server.
 */
export function patchOf(assignments: readonly string[], schema: SettingsSchema): SettingsPatch {
  return merged(
    assignments.map((assignment) => {
      const at = assignment.indexOf('=');
      if (at < 1)
        throw usageError(
          `${JSON.stringify(assignment)} sets nothing.`,
          'Write it as setting=value, such as timeoutSeconds=30.',
        );
      const field = assignment.slice(0, at);
      const text = assignment.slice(at + 1);
      return [field, (setting) => valueOf(field, text, setting)];
    }),
    schema,
  );
}

/** The patch that gives settings their defaults back. */
export function unsetPatch(names: readonly string[], schema: SettingsSchema): SettingsPatch {
  return merged(
    names.map((name) => [name, () => null]),
    schema,
  );
}

type Change = readonly [field: string, value: (setting: SettingSchema) => unknown];

function merged(changes: readonly Change[], schema: SettingsSchema): SettingsPatch {
  const patch = new Map<string, unknown>();
  for (const [field, value] of changes) {
    const dot = field.indexOf('.');
    const name = dot === -1 ? field : field.slice(0, dot);
    const setting = schema.get(name) ?? unknownSetting(name, schema);
    if (dot === -1) {
      patch.set(name, value(setting));
      continue;
    }
    const member = field.slice(dot + 1);
    patch.set(name, { ...membersOf(patch, name, setting), [member]: value(memberOf(name, member, setting)) });
  }
  return Object.fromEntries(patch);
}

function memberOf(name: string, member: string, { members, anyMember }: SettingSchema): SettingSchema {
  const known = members.get(member) ?? anyMember;
  if (known !== undefined) return known;
  throw usageError(
    `The setting ${name} has no part ${JSON.stringify(member)}.`,
    `It has: ${[...members.keys()].join(', ')}.`,
  );
}

function membersOf(
  patch: ReadonlyMap<string, unknown>,
  name: string,
  { types, members, anyMember }: SettingSchema,
): object {
  if (!types.includes('object') || (members.size === 0 && anyMember === undefined))
    throw usageError(`The setting ${name} has no parts.`, `Write \`${name}=value\`.`);
  const before = patch.get(name);
  return typeof before === 'object' && before !== null ? before : {};
}

function valueOf(field: string, text: string, { types, choices }: SettingSchema): unknown {
  if (choices.length > 0 && !choices.includes(text))
    throw usageError(`${field} is one of ${choices.join(', ')}, not ${JSON.stringify(text)}.`);
  if (types.includes('string')) return text;
  if (types.includes('integer') || types.includes('number')) return numberOf(field, text);
  if (types.includes('boolean')) return flagOf(field, text);
  return jsonOf(field, text, types);
}

function numberOf(field: string, text: string): number {
  if (!/^-?\d+(\.\d+)?$/.test(text)) throw usageError(`${field} is a number, not ${JSON.stringify(text)}.`);
  return Number(text);
}

function flagOf(field: string, text: string): boolean {
  if (text !== 'true' && text !== 'false')
    throw usageError(`${field} is true or false, not ${JSON.stringify(text)}.`);
  return text === 'true';
}

function jsonOf(field: string, text: string, types: readonly string[]): unknown {
  const isList = types.includes('array');
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && Array.isArray(value) === isList) return value;
  } catch {
    // Said below, as for JSON of another kind.
  }
  throw usageError(`${field} is ${isList ? 'a list' : 'an object'}, in JSON.`, exampleOf(field, isList));
}

function exampleOf(field: string, isList: boolean): string {
  const example = isList ? '["one","another"]' : '{"name":"value"}';
  return `For example: '${field}=${example}'. To give it its default back: \`glambdar settings unset\`.`;
}

function unknownSetting(name: string, schema: SettingsSchema): never {
  throw usageError(
    `There is no setting ${JSON.stringify(name)}.`,
    `The server has: ${[...schema.keys()].join(', ')}.`,
  );
}
