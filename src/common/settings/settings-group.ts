import { registerAs } from '@nestjs/config';
import { readEnvironment } from './environment.js';
import type { Setting } from './setting.js';

type GroupValues = Record<string, unknown>;

type Definitions = Readonly<Record<string, Setting<unknown>>>;

/** The values of a group, by the names its definitions have. */
export type SettingsOf<G extends SettingsGroup<Definitions>> = {
  readonly [K in keyof G['definitions']]: G['definitions'][K] extends Setting<infer T> ? T : never;
};

/** One module's settings: a namespace of `@nestjs/config` plus the definitions that docs and boot checks read. */
export interface SettingsGroup<D extends Definitions> {
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

/** Every rule that the environment breaks, one sentence each; empty when all is well. Values are never printed. */
export function problemsIn(groups: readonly AnySettingsGroup[], environment: Environment): string[] {
  const known = new Set(
    groups.flatMap((group) => Object.values(group.definitions).map(({ variable }) => variable)),
  );
  const unknown = Object.keys(environment)
    .filter((variable) => variable.startsWith('GLAMBDAR_') && !known.has(variable))
    .map((variable) => `${variable} is not a setting; docs/configuration.md lists them all`);
  return [...groups.flatMap((group) => readGroup(group.definitions, environment).problems), ...unknown];
}

type Environment = Readonly<Record<string, string | undefined>>;

function variableOf({ variable, fallback }: Setting<unknown>, environment: Environment): string {
  return environment[variable] === undefined && fallback !== undefined ? fallback : variable;
}

function readGroup(definitions: Definitions, environment: Environment) {
  const values: Record<string, unknown> = {};
  const problems: string[] = [];
  for (const [name, setting] of Object.entries(definitions)) {
    const variable = variableOf(setting, environment);
    const text = environment[variable];
    const value = text === undefined ? setting.defaultValue : setting.parse(text);
    if (value === undefined) problems.push(`${variable} must be ${setting.rule}`);
    values[name] = value;
  }
  return { values, problems };
}
