/** Holds a value to a JSON schema, as far as the schema of `glambdar.json` goes. */

type TypeName = 'string' | 'integer' | 'boolean' | 'object' | 'array' | 'null';

/** The keywords that are checked; all others explain something to a person. */
export interface Schema {
  readonly type?: TypeName | readonly TypeName[];
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly items?: Schema;
  readonly maxItems?: number;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: boolean | Schema;
  readonly description?: string;
}

export const checkedKeywords: readonly (keyof Schema)[] = [
  'type',
  'enum',
  'pattern',
  'maxLength',
  'minimum',
  'maximum',
  'items',
  'maxItems',
  'properties',
  'additionalProperties',
];

const typeNames: Readonly<Record<TypeName, string>> = {
  string: 'text',
  integer: 'a whole number',
  boolean: 'true or false',
  object: 'an object',
  array: 'a list',
  null: 'null',
};

const longestShownValue = 60;

/** What is wrong with a value: one sentence for each field, which names it and its rule. */
export function problemsOf(value: unknown, schema: Schema, field = ''): string[] {
  const types = [schema.type ?? []].flat();
  const type = typeOf(value, types);
  const isKnown = types.length === 0 || (type !== undefined && types.includes(type));
  if (!isKnown || !fits(value, schema)) {
    return [`${field === '' ? 'The file' : field} must be ${ruleOf(schema, types)}, not ${shown(value)}.`];
  }
  if (Array.isArray(value)) {
    const { items } = schema;
    return items === undefined ? [] : value.flatMap((item, at) => problemsOf(item, items, `${field}[${at}]`));
  }
  return isRecord(value) ? problemsOfFields(value, schema, field) : [];
}

function problemsOfFields(value: Readonly<Record<string, unknown>>, schema: Schema, field: string): string[] {
  const { properties = {}, additionalProperties = true } = schema;
  return Object.entries(value).flatMap(([name, inner]) => {
    const path = field === '' ? name : `${field}.${name}`;
    const known = Object.hasOwn(properties, name) ? properties[name] : undefined;
    if (known !== undefined) return problemsOf(inner, known, path);
    if (additionalProperties === true) return [];
    if (additionalProperties !== false) return problemsOf(inner, additionalProperties, path);
    return [`${path} is not known. Known are ${Object.keys(properties).join(', ')}.`];
  });
}

function fits(value: unknown, schema: Schema): boolean {
  if (schema.enum !== undefined && !schema.enum.includes(value)) return false;
  if (typeof value === 'string') {
    const { maxLength = Infinity, pattern } = schema;
    return value.length <= maxLength && (pattern === undefined || new RegExp(pattern, 'u').test(value));
  }
  if (typeof value === 'number')
    return value >= (schema.minimum ?? -Infinity) && value <= (schema.maximum ?? Infinity);
  return !Array.isArray(value) || value.length <= (schema.maxItems ?? Infinity);
}

function ruleOf(schema: Schema, types: readonly TypeName[]): string {
  if (schema.enum !== undefined) return alternatives(schema.enum.map((one) => JSON.stringify(one)));
  return alternatives(types.map((type) => typeNames[type] + boundsOf(schema, type)));
}

function boundsOf({ minimum, maximum, maxLength, maxItems, pattern }: Schema, type: TypeName): string {
  if (type === 'integer' && minimum !== undefined && maximum !== undefined)
    return ` from ${minimum} to ${maximum}`;
  if (type === 'array' && maxItems !== undefined) return ` of at most ${maxItems} entries`;
  if (type !== 'string') return '';
  const length = maxLength === undefined ? '' : ` of at most ${maxLength} characters`;
  return pattern === undefined ? length : `${length} that matches ${pattern}`;
}

function alternatives(texts: readonly string[]): string {
  const last = texts.at(-1) ?? 'absent';
  return texts.length < 2 ? last : `${texts.slice(0, -1).join(', ')} or ${last}`;
}

function typeOf(value: unknown, wanted: readonly TypeName[]): TypeName | undefined {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isSafeInteger(value) ? 'integer' : undefined;
  return wanted.find((name) => name === typeof value) ?? (typeof value === 'object' ? 'object' : undefined);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function shown(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > longestShownValue ? `${text.slice(0, longestShownValue)}…` : text;
}
