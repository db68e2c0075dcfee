/** What a key may do. `admin` may do everything, and it alone sees keys and the audit log. */
export const scopes = [
  'functions:read',
  'functions:deploy',
  'functions:invoke',
  'functions:delete',
  'secrets:write',
  'metrics:read',
  'logs:read',
  'admin',
] as const;

export type Scope = (typeof scopes)[number];

export function isScope(text: string): text is Scope {
  return (scopes as readonly string[]).includes(text);
}

/** Whether somebody who was given `held` may do what asks for `needed`. */
export function grants(held: readonly Scope[], needed: Scope): boolean {
  return held.includes(needed) || held.includes('admin');
}

/** Which functions somebody may see and touch, by their names. */
export interface FunctionReach {
  /** False where it is all of them, those to come included. */
  readonly isLimited: boolean;
  includes(name: string): boolean;
}

export const everyFunction: FunctionReach = { isLimited: false, includes: () => true };

export const noFunction: FunctionReach = { isLimited: true, includes: () => false };

/** A function's name in which each `*` stands for any characters, or none. */
export const functionPattern = /^(?!.*\*\*)[A-Za-z0-9*][A-Za-z0-9_*-]{0,63}$/;

/** The functions that any of the patterns matches. Prepared once, because every call asks. */
export function reachOf(patterns: readonly string[]): FunctionReach {
  const names = new Set(patterns.filter((pattern) => !pattern.includes('*')));
  const matchers = patterns.filter((pattern) => pattern.includes('*')).map(matcherOf);
  return {
    isLimited: true,
    includes: (name) => names.has(name) || matchers.some((matches) => matches(name)),
  };
}

/** By search and not by a regular expression, which patterns of many stars would keep busy for years. */
function matcherOf(pattern: string): (name: string) => boolean {
  const [head = '', ...rest] = pattern.split('*');
  const tail = rest.pop() ?? '';
  return (name) => {
    if (name.length < head.length + tail.length || !name.startsWith(head) || !name.endsWith(tail))
      return false;
    const end = name.length - tail.length;
    let from = head.length;
    for (const part of rest) {
      const at = name.indexOf(part, from);
      if (at < 0 || at + part.length > end) return false;
      from = at + part.length;
    }
    return true;
  };
}
