import { signal } from '@preact/signals';
import { serverPrefix } from '../routes.js';
import { nobody, type Session } from './permissions.js';
import { errorOf } from './problem.js';

/** Who uses the page; undefined until the server has said so the first time. */
export const session = signal<Session | undefined>(undefined);

/** Whether somebody was signed in before and no longer is, without having signed out. */
export const hasEnded = signal(false);

/** Asks the server who uses the page. Rejects where it does not answer; what was known then stays. */
export async function refreshSession(): Promise<void> {
  const before = session.peek();
  const now = await exchanged('GET');
  if (before?.signedIn && !now.signedIn) hasEnded.value = true;
  session.value = now;
}

export async function signIn(key: string): Promise<void> {
  session.value = await exchanged('POST', { key });
  hasEnded.value = false;
}

export async function signOut(): Promise<void> {
  await exchanged('DELETE');
  hasEnded.value = false;
  session.value = await exchanged('GET');
}

async function exchanged(method: 'GET' | 'POST' | 'DELETE', body?: object): Promise<Session> {
  const csrfToken = session.peek()?.csrfToken ?? null;
  const answer = await fetch(`${serverPrefix}/session`, {
    method,
    headers: {
      ...(body && { 'content-type': 'application/json' }),
      ...(csrfToken !== null && { 'x-glambdar-csrf': csrfToken }),
    },
    ...(body && { body: JSON.stringify(body) }),
  }).catch((error: unknown) => {
    throw errorOf(error, undefined);
  });
  const value: unknown = await answer.json().catch(() => undefined);
  if (!answer.ok) throw errorOf(value, answer.status);
  return value === undefined ? nobody : (value as Session);
}
