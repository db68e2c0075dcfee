/** A setting as the API's document describes it (JSON Schema). */
export interface SettingSchema {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxLength?: number;
}

/** What the form shows for a setting; name, rule and default are the API's own. */
export interface SettingField {
  readonly name: string;
  readonly control: 'text' | 'number' | 'choice' | 'switch' | 'list' | 'variables';
  /** The rule, in the words of the API's document. */
  readonly description: string;
  readonly choices: readonly string[];
  readonly minimum: number | undefined;
  readonly maximum: number | undefined;
  /** Undefined where the server's operator chose it. */
  readonly default: unknown;
}

/** The fields of all settings that the form knows how to show, in the document's order. */
export function settingFieldsOf(
  properties: Readonly<Record<string, SettingSchema>>,
): readonly SettingField[] {
  return Object.entries(properties).flatMap(([name, schema]) => {
    const control = controlOf(schema);
    if (control === undefined) return [];
    return [
      {
        name,
        control,
        description: schema.description ?? '',
        choices: (schema.enum ?? []).filter((value): value is string => typeof value === 'string'),
        minimum: schema.minimum,
        maximum: schema.maximum,
        default: schema.default,
      },
    ];
  });
}

function controlOf({ type, enum: values }: SettingSchema): SettingField['control'] | undefined {
  const types = typeof type === 'string' ? [type] : (type ?? []);
  if (values !== undefined) return 'choice';
  if (types.includes('boolean')) return 'switch';
  if (types.includes('integer') || types.includes('number')) return 'number';
  if (types.includes('array')) return 'list';
  if (types.includes('object')) return 'variables';
  return types.includes('string') ? 'text' : undefined;
}

/** `memoryMiB` as people write it: `Memory (MiB)`. */
export function titleOf(name: string): string {
  const [, words = name, unit] = /^(.*?)(MiB|Seconds|Millis)?$/.exec(name) ?? [];
  const spaced = words.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
  const title = names[spaced] ?? spaced.charAt(0).toUpperCase() + spaced.slice(1);
  return unit === undefined ? title : `${title} (${units[unit] ?? unit})`;
}

const names: Readonly<Record<string, string>> = { cpu: 'CPU', tmp: '/tmp' };

const units: Readonly<Record<string, string>> = {
  MiB: 'MiB',
  Seconds: 'seconds',
  Millis: 'thousandths of a core',
};
