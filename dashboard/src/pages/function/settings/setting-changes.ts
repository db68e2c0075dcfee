import type { SettingValues } from './settings-patch.js';

/** A setting that differs; undefined where it is not set at all. */
export interface SettingChange {
  /** For an object's member with the object's name, as the API has it: `environment.` and a variable's name. */
  readonly field: string;
  readonly from: unknown;
  readonly to: unknown;
}

/** What differs between two sets of settings, an object's member by member. What is null is not set. */
export function settingChanges(before: SettingValues, after: SettingValues): readonly SettingChange[] {
  const from = flattened(before);
  const to = flattened(after);
  const fields = new Set([...from.keys(), ...to.keys()]);
  return [...fields]
    .map((field) => ({ field, from: from.get(field), to: to.get(field) }))
    .filter((change) => JSON.stringify(change.from ?? null) !== JSON.stringify(change.to ?? null));
}

/** A value in a few words. */
export function shownValue(value: unknown): string {
  if (value === undefined || value === null) return 'not set';
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.join(', ');
  if (value === '') return 'empty';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function flattened(values: SettingValues): Map<string, unknown> {
  return new Map(
    Object.entries(values).flatMap(([field, value]): [string, unknown][] =>
      isObject(value)
        ? Object.entries(value).map(([name, text]) => [`${field}.${name}`, text])
        : [[field, value]],
    ),
  );
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
