import { validateSync } from 'class-validator';
import { DomainError } from '../errors/domain-error.js';
import type { ErrorCode } from '../errors/error-codes.js';
import { listedNames, noSuchField, shownName } from './field-names.js';
import { fieldsOf, type Field, type Shape } from './field-rules.js';
import { maxInputDepth, parseJson, repeatedName } from './json-text.js';

/**
 * What a client sends becomes an object of a class that has passed its rules, or an error that names field and rule: the
 * same words for the same fault, wherever it was sent.
 */

/** A field that breaks a rule. `sentence` says the rule, without its end. */
export function refusedField(
  field: string,
  sentence: string,
  code: ErrorCode = 'INVALID_SETTINGS',
): DomainError {
  return new DomainError(code, `${sentence}.`, { field, reason: sentence });
}

/** Something that is not written as it must be, so that nobody can tell what is meant. */
export function malformed(field: string, sentence: string): DomainError {
  return refusedField(field, sentence, 'MALFORMED_REQUEST');
}

/** Throws `INVALID_SETTINGS` for anything but an object whose fields all have rules and follow them. */
export function readFields<T extends object>(shape: Shape<T>, given: unknown, name = 'body'): T {
  if (!isObject(given)) throw refusedField(name, `${subjectOf(name)} must be one JSON object`);
  for (const field of Object.keys(given)) requireKnown(shape, field, 'INVALID_SETTINGS');
  return checked(Object.assign(new shape(), withoutNegativeZero(given)), 'INVALID_SETTINGS');
}

/** JSON as bytes. As `readFields`, and throws `MALFORMED_REQUEST` where it is not JSON, or names a field twice. */
export function readJson<T extends object>(shape: Shape<T>, bytes: Uint8Array, name = 'body'): T {
  const { value, text } = parsed(bytes, name);
  const [field, ...members] = repeatedName(text) ?? [];
  if (field !== undefined) {
    requireKnown(shape, field, 'INVALID_SETTINGS');
    throw twice(shownName([field, ...members].join('.')));
  }
  return readFields(shape, value, name);
}

/**
 * Fields of a query or a form, each as it was written; those that were left out have the defaults that the document names.
 * Throws `MALFORMED_REQUEST` for a field that is given twice, and `code` for one that breaks a rule.
 */
export function readTexts<T extends object>(
  shape: Shape<T>,
  given: Iterable<readonly [string, string]>,
  code: 'INVALID_SETTINGS' | 'MALFORMED_REQUEST',
): T {
  const texts = new Map<string, string>();
  for (const [name, text] of given) {
    requireKnown(shape, name, code);
    if (texts.has(name)) throw twice(name);
    texts.set(name, text);
  }
  const fields = [...fieldsOf(shape)].map(
    ([name, field]) => [name, valueOf(field, texts.get(name))] as const,
  );
  return checked(Object.assign(new shape(), definedOf(fields)), code);
}

function valueOf({ parse, described }: Field, text: string | undefined): unknown {
  return text === undefined ? described.default : parse(text);
}

function definedOf(fields: readonly (readonly [string, unknown])[]): object {
  return Object.fromEntries(fields.filter(([, value]) => value !== undefined));
}

/** JSON can say `-0`, which is zero to whoever sent it, and a change from zero to whoever compares the two. */
function withoutNegativeZero(given: unknown): unknown {
  if (given === 0) return 0;
  if (Array.isArray(given)) return given.map(withoutNegativeZero);
  if (!isObject(given)) return given;
  return Object.fromEntries(
    Object.entries(given).map(([name, value]): [string, unknown] => [name, withoutNegativeZero(value)]),
  );
}

function checked<T extends object>(candidate: T, code: ErrorCode): T {
  const [problem] = validateSync(candidate, { stopAtFirstError: true });
  if (!problem) return candidate;
  const [sentence = ''] = Object.values(problem.constraints ?? {});
  throw refusedField(problem.property, sentence, code);
}

/** Asked here and not of the validator, which takes names that every object has (`constructor`) for known ones. */
function requireKnown(shape: Shape<object>, name: string, code: ErrorCode): void {
  const fields = fieldsOf(shape);
  if (fields.has(name)) return;
  // Where a secret is expected, somebody may have put it where the field's name belongs.
  const isHidden = [...fields.values()].some(({ described }) => described.writeOnly === true);
  const known = [...fields.keys()];
  if (isHidden)
    throw refusedField('body', `There is a field that has no meaning here; use ${listedNames(known)}`, code);
  throw unknownField(name, known, code);
}

/** A field that there is not, among those there are. */
export function unknownField(name: string, known: readonly string[], code: ErrorCode): DomainError {
  return refusedField(shownName(name), noSuchField(name, known), code);
}

function parsed(bytes: Uint8Array, name: string): { value: unknown; text: string } {
  try {
    return parseJson(bytes);
  } catch {
    // The parser's own words quote the text.
    const rule = `must be one JSON value in UTF-8, nested no deeper than ${maxInputDepth} levels`;
    throw malformed(name, `${subjectOf(name)} ${rule}`);
  }
}

function twice(name: string): DomainError {
  return malformed(name, `${name} must be given once`);
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function subjectOf(name: string): string {
  return name === 'body' ? 'The body' : name;
}
