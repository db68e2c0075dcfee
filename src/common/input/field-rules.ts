import { ValidateBy, ValidateIf } from 'class-validator';
import { ApiProperty } from '../openapi/documentation.js';
import { noSuchField } from './field-names.js';

/**
 * The rules for what clients send. A field of a class is written once, by one decorator: what it is held to, and what the
 * OpenAPI document says of it, minimum, pattern and choices among them, come from the same words.
 */

/** A field's JSON Schema, and what the document says beside it. A field is required, and not null, unless it says otherwise. */
export interface Described {
  readonly description?: string;
  readonly required?: boolean;
  readonly nullable?: boolean;
  readonly writeOnly?: boolean;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly [keyword: string]: unknown;
}

export interface Field {
  readonly described: Described;
  /** The rule that a value breaks, as a sentence without its end; undefined if none. May throw an error of its own. */
  readonly problemOf: (value: unknown, name: string) => string | undefined;
  /** The value that text in a query or a form stands for; text that stands for none is returned, and breaks the rule. */
  readonly parse: (text: string) => unknown;
}

/** A class whose fields have rules. */
export type Shape<T extends object> = new () => T;

/** By prototype, as decorators see a class. */
const fieldsByPrototype = new WeakMap<object, ReadonlyMap<string, Field>>();

/** The fields of a class with their rules, by name, in the order in which they are written. */
export function fieldsOf(shape: Shape<object>): ReadonlyMap<string, Field> {
  return fieldsAt(shape.prototype as object);
}

function fieldsAt(prototype: object): ReadonlyMap<string, Field> {
  const own = fieldsByPrototype.get(prototype);
  if (own) return own;
  const parent = Object.getPrototypeOf(prototype) as object | null;
  return parent ? fieldsAt(parent) : new Map<string, Field>();
}

/** The schemas of the fields for a place in the document that names no class. */
export function documentedFields(shape: Shape<object>): Record<string, object> {
  const schemas = [...fieldsOf(shape)].map(([name, { described }]) => {
    const schema = Object.entries(described).filter(([keyword]) => keyword !== 'required');
    return [
      name,
      { ...(described.enum && { type: 'string' }), ...Object.fromEntries(schema), ...listOf(described) },
    ];
  });
  return Object.fromEntries(schemas) as Record<string, object>;
}

/** The generator of the document knows `[String]` for a list of texts; JSON Schema does not. */
function listOf({ type }: Described): object {
  return Array.isArray(type) && type[0] === String ? { type: 'array', items: { type: 'string' } } : {};
}

function declare(field: Field): PropertyDecorator {
  const { required = true, nullable = false } = field.described;
  return (target, key) => {
    const name = String(key);
    fieldsByPrototype.set(target, new Map([...fieldsAt(target), [name, field]]));
    ApiProperty(field.described)(target, key);
    ValidateIf((_, value) => (required || value !== undefined) && !(nullable && value === null))(
      target,
      name,
    );
    ValidateBy({
      name: 'rule',
      validator: {
        validate: (value) => field.problemOf(value, name) === undefined,
        defaultMessage: (checked) => field.problemOf(checked?.value, name) ?? '',
      },
    })(target, name);
  };
}

/** A whole number within limits. */
export function WholeNumber(limits: { minimum: number; maximum?: number }, described: Described) {
  const { minimum, maximum } = limits;
  const range = maximum === undefined ? `, ${minimum} or more` : ` from ${minimum} to ${maximum}`;
  const isWithin = (value: number) => value >= minimum && value <= (maximum ?? value);
  return declare({
    described: { type: 'integer', ...limits, ...described },
    problemOf: (value, name) =>
      Number.isSafeInteger(value) && isWithin(value as number)
        ? undefined
        : `${name} must be a whole number${range}`,
    // Digits only: `1e3`, ` 7` and `0x10` are refused, never coerced.
    parse: (text) => (/^\d{1,16}$/.test(text) ? Number(text) : text),
  });
}

/** One of several words. */
export function OneOf(choices: readonly string[], described: Described) {
  return declare({
    described: { enum: [...choices], ...described },
    problemOf: (value, name) =>
      typeof value === 'string' && choices.includes(value)
        ? undefined
        : `${name} must be one of ${choices.join(', ')}`,
    parse: (text) => text,
  });
}

/** True or false. */
export function Flag(described: Described) {
  return declare({
    described: { type: 'boolean', ...described },
    problemOf: (value, name) => (typeof value === 'boolean' ? undefined : `${name} must be true or false`),
    parse: (text) => (text === 'true' ? true : text === 'false' ? false : text),
  });
}

interface TextRule {
  readonly pattern?: RegExp;
  readonly minLength?: number;
  readonly maxLength: number;
  /** Pattern in words, e.g. `printable ASCII`. */
  readonly rule: string;
}

/** Text of a pattern. */
export function PlainText({ pattern, minLength, maxLength, rule }: TextRule, described: Described) {
  const length = minLength === undefined ? `at most ${maxLength}` : `${minLength} to ${maxLength}`;
  const isRight = (value: unknown) =>
    typeof value === 'string' &&
    value.length >= (minLength ?? 0) &&
    value.length <= maxLength &&
    value.isWellFormed() &&
    (pattern === undefined || pattern.test(value));
  return declare({
    described: {
      type: 'string',
      ...(minLength === undefined ? {} : { minLength }),
      maxLength,
      ...(pattern && { pattern: pattern.source }),
      ...described,
    },
    problemOf: (value, name) =>
      isRight(value) ? undefined : `${name} must be ${rule}, with ${length} characters`,
    parse: (text) => text,
  });
}

/** A field with a rule of its own, which says what breaks it in a whole sentence without its end. */
export function Ruled(
  problemOf: Field['problemOf'],
  described: Described,
  parse: Field['parse'] = (text) => text,
) {
  return declare({ described, problemOf, parse });
}

/** An object whose members are the fields of a class. */
export function Nested(shape: Shape<object>, described: Described) {
  return declare({
    described: { ...objectSchema(shape), ...described },
    problemOf: (value, name) => objectProblem(shape, value, name),
    parse: (text) => text,
  });
}

/** The schema of an object whose members are the fields of a class. */
export function objectSchema(shape: Shape<object>): Described {
  return { type: 'object', properties: documentedFields(shape), additionalProperties: false };
}

/** The rule that an object breaks whose members are the fields of a class; undefined if none. Names the member. */
export function objectProblem(shape: Shape<object>, value: unknown, name: string): string | undefined {
  const fields = fieldsOf(shape);
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return `${name} must be one JSON object`;
  const unknown = Object.keys(value).find((member) => !fields.has(member));
  if (unknown !== undefined) return noSuchField(`${name}.${unknown}`, [...fields.keys()]);
  for (const [member, { described, problemOf }] of fields) {
    const held = (value as Record<string, unknown>)[member];
    if (held === undefined && described.required === false) continue;
    if (held === null && described.nullable === true) continue;
    const problem = problemOf(held, `${name}.${member}`);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/** The same fields with the same rules, each of which may be left out. `null` is a value like any other, and breaks them. */
export function PartialOf<T extends object>(shape: Shape<T>): Shape<Partial<T>> {
  return copyOf(shape, (field) => ({ ...field, described: { ...field.described, required: false } }));
}

/** The same fields as a JSON merge patch (RFC 7396) names them: each may be left out or null, and so may an object's members. */
export function PatchOf<T extends object>(shape: Shape<T>): Shape<Nullable<T>> {
  return copyOf(shape, ({ described, problemOf, parse }) => ({
    described: describedInPatch(described),
    problemOf: (value, name) => problemOf(withoutNulls(value), name),
    parse,
  }));
}

type Nullable<T> = { [K in keyof T]?: T[K] | null };

function copyOf(shape: Shape<object>, change: (field: Field) => Field): Shape<never> {
  class Copy extends Object {}
  for (const [name, field] of fieldsOf(shape)) declare(change(field))(Copy.prototype, name);
  return Copy as unknown as Shape<never>;
}

function describedInPatch(described: Described): Described {
  const { enum: choices, additionalProperties: members, properties } = described;
  return {
    ...described,
    nullable: true,
    required: false,
    ...(choices && { type: 'string', enum: [...choices, null] }),
    ...(properties !== undefined && { properties: orNull(properties as Schemas) }),
    ...(isSchema(members) && { additionalProperties: orNull({ member: members })['member'] }),
  };
}

type Schemas = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

function orNull(schemas: Schemas): Schemas {
  const nullable = Object.entries(schemas).map(([name, schema]) => {
    const { type, enum: choices } = schema;
    const types = type === undefined ? {} : { type: [type, 'null'].flat() };
    return [
      name,
      { ...schema, ...types, ...(Array.isArray(choices) && { enum: [...(choices as unknown[]), null] }) },
    ];
  });
  return Object.fromEntries(nullable) as Schemas;
}

function isSchema(members: unknown): members is Schemas[string] {
  return typeof members === 'object' && members !== null;
}

function withoutNulls(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== null));
}
