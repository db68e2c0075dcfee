import type { Pair } from '../../../parts/pair-rows.js';
import type { SettingField } from './setting-fields.js';

/** A function's settings as the API shows them. */
export type SettingValues = Readonly<Record<string, unknown>>;

/** What a person has written into a field, or that they want the default back. */
export type SettingEdit = { readonly kind: 'value'; readonly text: string } | { readonly kind: 'default' };
/** By the names of the fields, `retry.maxAttempts` for a member. */
export type SettingEdits = Readonly<Record<string, SettingEdit>>;

/** What the form shows of a value: text, for a list an entry a line, for an object whether there is one. */
export function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.join('\n');
  if (typeof value === 'string') return value;
  if (isObject(value)) return 'true';
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

/** The text of a field as it stands in the form. */
export function shownText(field: SettingField, values: SettingValues, edit: SettingEdit | undefined): string {
  if (edit === undefined) return textOf(valueAt(values, field.name) ?? field.default);
  return edit.kind === 'value' ? edit.text : textOf(field.default);
}

/**
 * The JSON merge patch (RFC 7396) of all edits: only what differs, and null where the default is wanted. Rules are the
 * server's, which answers for each; what cannot even be said in JSON is sent as the text that it is, so that the server says so.
 */
export function patchOf(
  fields: readonly SettingField[],
  values: SettingValues,
  edits: SettingEdits,
): Record<string, unknown> {
  const changes = fields.flatMap((field): [string, unknown][] => {
    const change = changeOf(field, values, edits);
    return change === undefined ? [] : [[keyOf(field), change]];
  });
  return Object.fromEntries(changes);
}

/** What a patch says of a field; undefined where nothing is to change. */
function changeOf(field: SettingField, values: SettingValues, edits: SettingEdits): unknown {
  const edit = edits[field.name];
  const before = valueAt(values, field.name);
  const isNew = before === null || before === undefined;
  if (field.control === 'members') {
    const isWanted = edit === undefined ? !isNew : edit.kind === 'value' && edit.text === 'true';
    if (!isWanted) return isNew ? undefined : null;
    const members = patchOf(field.members, values, edits);
    return isNew || Object.keys(members).length > 0 ? members : undefined;
  }
  if (edit === undefined) return undefined;
  if (edit.kind === 'default') return null;
  if (edit.text === textOf(isNew ? field.default : before)) return undefined;
  // What has no value unless somebody sets one is taken back by emptying it.
  return field.default === null && edit.text.trim() === '' ? null : valueOf(field, edit.text);
}

function valueOf({ control }: SettingField, text: string): unknown {
  if (control === 'number') return text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text;
  if (control === 'switch') return text === 'true';
  if (control === 'list') return linesOf(text);
  return text;
}

/** The settings after a patch, as far as the page can know: a default that the operator chose is unknown to it. */
export function patchedSettings(
  fields: readonly SettingField[],
  values: SettingValues,
  patch: Readonly<Record<string, unknown>>,
): SettingValues {
  const after: Record<string, unknown> = { ...values };
  for (const [key, value] of Object.entries(patch)) {
    const field = fields.find((one) => keyOf(one) === key);
    if (value === null) after[key] = field?.default === undefined ? 'the server’s default' : field.default;
    else if (field?.control === 'variables') after[key] = patchedVariables(values[key], value);
    else if (field?.control === 'members' && isObject(value))
      after[key] = patchedSettings(field.members, objectOf(values[key], field), value);
    else after[key] = value;
  }
  return after;
}

/** An object as it is before a patch: one that is new begins with the defaults of its members. */
function objectOf(value: unknown, { members }: SettingField): SettingValues {
  if (isObject(value)) return value;
  return Object.fromEntries(members.map((member) => [keyOf(member), member.default]));
}

function patchedVariables(before: unknown, patch: unknown): object {
  const merged = Object.entries({ ...(before as object), ...(patch as object) });
  return Object.fromEntries(merged.filter(([, value]) => value !== null));
}

/** An entry a line; empty lines are none. */
export function linesOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

/** The merge patch from one set of variables to another. */
export function environmentPatch(
  before: Readonly<Record<string, string>>,
  rows: readonly Pair[],
): Record<string, string | null> {
  const after = new Map(rows.filter(isFilled).map(({ name, value }) => [name.trim(), value]));
  const changed = [...after].filter(
    ([name, value]) => !Object.hasOwn(before, name) || before[name] !== value,
  );
  const removed = Object.keys(before).filter((name) => !after.has(name));
  return Object.fromEntries<string | null>([
    ...changed,
    ...removed.map((name): [string, null] => [name, null]),
  ]);
}

/** What only the form can know: a variable without a name, or two of one name. By the place of the row. */
export function variableErrors(rows: readonly Pair[]): ReadonlyMap<number, string> {
  const errors = new Map<number, string>();
  const seen = new Set<string>();
  rows.forEach((row, index) => {
    const name = row.name.trim();
    if (!isFilled(row)) return;
    if (name === '') errors.set(index, 'This variable needs a name.');
    else if (seen.has(name)) errors.set(index, `There is another variable ${name}; keep one of them.`);
    seen.add(name);
  });
  return errors;
}

function isFilled({ name, value }: Pair): boolean {
  return name.trim() !== '' || value !== '';
}

/** The field's own name, without that of the object that it is a member of. */
function keyOf({ name }: SettingField): string {
  return name.slice(name.lastIndexOf('.') + 1);
}

function valueAt(values: SettingValues, name: string): unknown {
  return name
    .split('.')
    .reduce<unknown>((holder, key) => (isObject(holder) ? holder[key] : undefined), values);
}

function isObject(value: unknown): value is SettingValues {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
