import type { Pair } from '../../../parts/pair-rows.js';
import type { SettingField } from './setting-fields.js';

/** A function's settings as the API shows them. */
export type SettingValues = Readonly<Record<string, unknown>>;

/** What a person has written into a field, or that they want the default back. */
export type SettingEdit = { readonly kind: 'value'; readonly text: string } | { readonly kind: 'default' };
export type SettingEdits = Readonly<Record<string, SettingEdit>>;

/** What the form shows of a value: text, for a list an entry a line. */
export function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.join('\n');
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

/** The text of a field as it stands in the form. */
export function shownText(field: SettingField, values: SettingValues, edit: SettingEdit | undefined): string {
  if (edit === undefined) return textOf(values[field.name]);
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
    const edit = edits[field.name];
    if (edit === undefined) return [];
    if (edit.kind === 'default') return [[field.name, null]];
    if (edit.text === textOf(values[field.name])) return [];
    return [[field.name, valueOf(field, edit.text)]];
  });
  return Object.fromEntries(changes);
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
  for (const [name, value] of Object.entries(patch)) {
    const field = fields.find((one) => one.name === name);
    if (value === null) after[name] = field?.default ?? 'the server’s default';
    else if (field?.control === 'variables') after[name] = patchedVariables(values[name], value);
    else after[name] = value;
  }
  return after;
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
