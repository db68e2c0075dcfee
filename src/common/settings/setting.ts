/** How one setting is read: its variable, what it means, its default and its rule. Units stand in the name. */
export interface Setting<T> {
  /** Environment variable, e.g. `GLAMBDAR_PORT`. */
  readonly variable: string;
  /** A variable that other programs go by, which counts where ours is not set. */
  readonly fallback?: string;
  /** One sentence for `docs/configuration.md`. */
  readonly meaning: string;
  readonly defaultValue: T;
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
  described: Described<string> & { readonly rule: string; readonly pattern: RegExp },
): Setting<string> {
  const { pattern, ...rest } = described;
  return { ...rest, parse: (value) => (pattern.test(value) ? value : undefined) };
}
