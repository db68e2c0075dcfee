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
