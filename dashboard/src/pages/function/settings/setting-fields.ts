/** A setting as the API's document describes it (JSON Schema). */
export interface SettingSchema {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxLength?: number;
  readonly properties?: Readonly<Record<string, SettingSchema>>;
  readonly additionalProperties?: boolean | SettingSchema;
}

/** What the form shows for a setting; name, rule and default are the API's own. */
export interface SettingField {
  /** That of an object's member has the object's name before it: `retry.maxAttempts`. */
  readonly name: string;
  /** `members` is an object with fields of its own; what is `elsewhere` has a tab of its own. */
  readonly control: 'text' | 'number' | 'choice' | 'switch' | 'list' | 'variables' | 'members' | 'elsewhere';
  /** The rule, in the words of the API's document. */
  readonly description: string;
  readonly choices: readonly string[];
  readonly minimum: number | undefined;
  readonly maximum: number | undefined;
  /** Undefined where the server's operator chose it; null where there is none unless somebody sets it. */
  readonly default: unknown;
  /** The fields of an object. */
  readonly members: readonly SettingField[];
}

/** The fields of all settings that the form knows how to show, in the document's order. */
export function settingFieldsOf(
  properties: Readonly<Record<string, SettingSchema>>,
  prefix = '',
): readonly SettingField[] {
  return Object.entries(properties).flatMap(([key, schema]) => {
    const control = controlOf(schema);
    if (control === undefined) return [];
    const name = prefix + key;
    return [
      {
        name,
        control,
        description: schema.description ?? '',
        choices: (schema.enum ?? []).filter((value): value is string => typeof value === 'string'),
        minimum: schema.minimum,
        maximum: schema.maximum,
        default: schema.default,
        members: settingFieldsOf(schema.properties ?? {}, `${name}.`),
      },
    ];
  });
}

function controlOf(schema: SettingSchema): SettingField['control'] | undefined {
  const { type, enum: values } = schema;
  const types = typeof type === 'string' ? [type] : (type ?? []);
  if (values !== undefined) return 'choice';
  if (types.includes('boolean')) return 'switch';
  if (types.includes('integer') || types.includes('number')) return 'number';
  if (types.includes('array')) return 'list';
  if (types.includes('object')) return controlOfObject(schema);
  return types.includes('string') ? 'text' : undefined;
}

function controlOfObject({ properties, additionalProperties }: SettingSchema): SettingField['control'] {
  if (properties !== undefined) return 'members';
  const ofEach = typeof additionalProperties === 'object' ? controlOf(additionalProperties) : undefined;
  return ofEach === 'text' ? 'variables' : 'elsewhere';
}

/** `memoryMiB` as people write it: `Memory (MiB)`; that of a member without its object. */
export function titleOf(name: string): string {
  const [, words = name, unit] = /^(?:.*\.)?(.*?)(MiB|Seconds|Millis)?$/.exec(name) ?? [];
  const spaced = words.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
  const title = names[spaced] ?? spaced.charAt(0).toUpperCase() + spaced.slice(1);
  return unit === undefined ? title : `${title} (${units[unit] ?? unit})`;
}

const names: Readonly<Record<string, string>> = { cpu: 'CPU', tmp: '/tmp', cors: 'CORS' };

const units: Readonly<Record<string, string>> = {
  MiB: 'MiB',
  Seconds: 'seconds',
  Millis: 'thousandths of a core',
};

/** The name of the field that a refusal is about, a member's where its sentence names one; undefined for none of these. */
export function fieldAtFault(
  fields: readonly SettingField[],
  { field: name, message }: { readonly field: string | undefined; readonly message: string },
): string | undefined {
  const field = fields.find((one) => one.name === name);
  const words: readonly string[] = message.match(/[\w.]+\w/g) ?? [];
  return field?.members.find((member) => words.includes(member.name))?.name ?? field?.name;
}
