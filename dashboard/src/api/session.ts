import * as api from '@glambdar/client';
import { signal } from '@preact/signals';
import type { Session } from './permissions.js';

const throwing = { throwOnError: true } as const;

/** Who uses the page; undefined until the server has said so the first time. */
export const session = signal<Session | undefined>(undefined);

/** Whether somebody was signed in before and no longer is, without having signed out. */
export const hasEnded = signal(false);

/** Asks the server who uses the page. Rejects where it does not answer; what was known then stays. */
export async function refreshSession(): Promise<void> {
  const { data } = await api.getSession(throwing);
  if (session.peek()?.signedIn && !data.signedIn) hasEnded.value = true;
  session.value = data;
}

export async function signIn(key: string): Promise<void> {
  const { data } = await api.signIn({ ...throwing, body: { key } });
  hasEnded.value = false;
  session.value = data;
}

export async function signOut(): Promise<void> {
  await api.signOut(throwing);
  const { data } = await api.getSession(throwing);
  session.value = data;
}
