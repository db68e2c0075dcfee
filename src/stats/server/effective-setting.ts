import { type AnySettingsGroup, type Environment, readSetting } from '../../common/settings/settings.js';

/** Where a setting's value comes from. */
export const settingSources = ['default', 'environment'] as const;

export interface EffectiveSetting {
  /** Its variable. */
  readonly name: string;
  /** Null if it is not shown. */
  readonly value: string | number | boolean | null;
  readonly isConfidential: boolean;
  readonly source: (typeof settingSources)[number];
  readonly description: string;
}

/** Every setting as it is in force, in the order of docs/configuration.md. Secrets and paths of the host are not shown. */
export function effectiveSettings(
  groups: readonly AnySettingsGroup[],
  environment: Environment,
): EffectiveSetting[] {
  return groups.flatMap(({ definitions }) =>
    Object.values(definitions).map((setting) => {
      const { value, isDefault } = readSetting(setting, environment);
      const isConfidential = setting.isConfidential === true;
      return {
        name: setting.variable,
        value: isConfidential ? null : (value as string | number | boolean),
        isConfidential,
        source: isDefault ? 'default' : 'environment',
        description: setting.meaning,
      };
    }),
  );
}
