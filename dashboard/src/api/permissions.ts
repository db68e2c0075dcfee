import type { NewKeyBody, SessionResponse } from '@glambdar/client';

export type Scope = NewKeyBody['scopes'][number];

/** Who uses the page, and what they may do. */
export type Session = SessionResponse;

export const nobody: Session = {
  signedIn: false,
  keysRequired: true,
  key: null,
  scopes: [],
  functions: null,
  expiresAt: null,
  csrfToken: null,
};

/**
 * Whether the page should offer what needs `scope`; the server decides anew with every request. Without a function it
 * is about any of those that the key may see.
 */
export function allows(session: Session, scope: Scope, functionName?: string): boolean {
  if (!session.signedIn) return false;
  if (!session.scopes.includes('admin') && !session.scopes.includes(scope)) return false;
  return functionName === undefined || reaches(session.functions, functionName);
}

/** Whether the page should offer what is about the whole server. */
export function allowsServer(session: Session, scope: Scope): boolean {
  return session.functions === null && allows(session, scope);
}

function reaches(patterns: Session['functions'], name: string): boolean {
  return patterns === null || patterns.some((pattern) => matches(pattern, name));
}

/** `*` stands for any characters or none; nothing else is special. Linear in time, like the server's. */
function matches(pattern: string, name: string): boolean {
  const [first = '', ...others] = pattern.split('*');
  const last = others.pop();
  if (last === undefined) return name === first;
  if (!name.startsWith(first)) return false;
  let from = first.length;
  for (const part of others) {
    const at = name.indexOf(part, from);
    if (at < 0) return false;
    from = at + part.length;
  }
  return name.length - last.length >= from && name.endsWith(last);
}
