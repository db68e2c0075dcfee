import { registerAs } from '@nestjs/config';

/** The one place that reads the process's environment. */
export function readEnvironment(): Readonly<Record<string, string | undefined>> {
  return process.env;
}

/** How one setting is read: its variable, what it means, its default and its rule. Units stand in the name. */
export interface Setting<T> {
  /** Environment variable, e.g. `GLAMBDAR_PORT`. */
  readonly variable: string;
  /** A variable that other programs go by, which counts where ours is not set. */
  readonly fallback?: string;
  /** One sentence for `docs/configuration.md`. */
  readonly meaning: string;
  readonly defaultValue: T;
  /** Its value is shown to nobody: a secret, or a path of the host. */
  readonly isConfidential?: boolean;
  /** The rule in words, e.g. `an integer from 1 to 65535`. */
  readonly rule: string;
  /** The value that `text` stands for, or undefined where it breaks the rule. */
  parse(text: string): T | undefined;
}

interface Described<T> {
  readonly variable: string;
  readonly fallback?: string;
  readonly meaning: string;
  readonly defaultValue: T;
}

/** Digits only, in decimal, within the limits: `""`, `1e3`, ` 7` and `7.0` are refused, never rounded or coerced. */
export function integer(
  described: Described<number> & { readonly min: number; readonly max: number },
): Setting<number> {
  const { min, max, ...rest } = described;
  return {
    ...rest,
    rule: `an integer from ${min} to ${max}`,
    parse(text) {
      const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
      return value >= min && value <= max ? value : undefined;
    },
  };
}

/** Exactly `true` or `false`. */
export function flag(described: Described<boolean>): Setting<boolean> {
  return {
    ...described,
    rule: 'true or false',
    parse: (text) => (text === 'true' ? true : text === 'false' ? false : undefined),
  };
}

export function oneOf<T extends string>(
  described: Described<T> & { readonly choices: readonly T[] },
): Setting<T> {
  const { choices, ...rest } = described;
  const listed = `one of ${choices.filter((choice) => choice !== '').join(', ')}`;
  return {
    ...rest,
    rule: choices.some((choice) => choice === '') ? `empty or ${listed}` : listed,
    parse: (text) => choices.find((choice) => choice === text),
  };
}

/** Text that matches a pattern; `rule` says the pattern in words. */
export function text(
  described: Described<string> & {
    readonly rule: string;
    readonly pattern: RegExp;
    readonly isConfidential?: boolean;
  },
): Setting<string> {
  const { pattern, ...rest } = described;
  return { ...rest, parse: (value) => (pattern.test(value) ? value : undefined) };
}

type GroupValues = Record<string, unknown>;

type Definitions = Readonly<Record<string, Setting<unknown>>>;

/** The values of a group, by the names its definitions have. */
export type SettingsOf<G extends SettingsGroup<Definitions>> = {
  readonly [K in keyof G['definitions']]: G['definitions'][K] extends Setting<infer T> ? T : never;
};

/** One module's settings: a namespace of `@nestjs/config` plus the definitions that docs and boot checks read. */
interface SettingsGroup<D extends Definitions> {
  readonly namespace: string;
  readonly definitions: D;
  /** For `ConfigModule.forFeature(group.config)` and `@Inject(group.config.KEY)`. */
  readonly config: ReturnType<typeof registerAs<GroupValues, () => GroupValues>>;
}

export type AnySettingsGroup = SettingsGroup<Definitions>;

export function settingsGroup<const D extends Definitions>(
  namespace: string,
  definitions: D,
): SettingsGroup<D> {
  const config = registerAs(namespace, () => readGroup(definitions, readEnvironment()).values);
  return { namespace, definitions, config };
}

/** What the command line goes by, which a person may have set for all that they run. */
const variablesOfClients = new Set(['GLAMBDAR_URL', 'GLAMBDAR_KEY', 'GLAMBDAR_PROFILE']);

/** Every rule that the environment breaks, one sentence each; empty when all is well. Values are never printed. */
export function problemsIn(groups: readonly AnySettingsGroup[], environment: Environment): string[] {
  const known = new Set(
    groups.flatMap((group) => Object.values(group.definitions).map(({ variable }) => variable)),
  );
  const unknown = Object.keys(environment)
    .filter((variable) => isOurs(variable) && !known.has(variable))
    .map((variable) => `${variable} is not a setting; docs/configuration.md lists them all`);
  return [...groups.flatMap((group) => readGroup(group.definitions, environment).problems), ...unknown];
}

function isOurs(variable: string): boolean {
  return variable.startsWith('GLAMBDAR_') && !variablesOfClients.has(variable);
}

/** The variables of a process. */
export type Environment = Readonly<Record<string, string | undefined>>;

function variableOf({ variable, fallback }: Setting<unknown>, environment: Environment): string {
  return environment[variable] === undefined && fallback !== undefined ? fallback : variable;
}

/** Undefined where the environment breaks the rule. */
export function readSetting<T>(
  setting: Setting<T>,
  environment: Environment,
): { readonly value: T | undefined; readonly isDefault: boolean } {
  const text = environment[variableOf(setting, environment)];
  const isDefault = text === undefined;
  return { value: isDefault ? setting.defaultValue : setting.parse(text), isDefault };
}

function readGroup(definitions: Definitions, environment: Environment) {
  const values: Record<string, unknown> = {};
  const problems: string[] = [];
  for (const [name, setting] of Object.entries(definitions)) {
    const variable = variableOf(setting, environment);
    const { value } = readSetting(setting, environment);
    if (value === undefined) problems.push(`${variable} must be ${setting.rule}`);
    values[name] = value;
  }
  return { values, problems };
}
