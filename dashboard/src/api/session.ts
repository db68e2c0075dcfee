import * as api from '@glambdar/client';
import { signal } from '@preact/signals';
import type { Session } from './permissions.js';

const throwing = { throwOnError: true } as const;

/** Who uses the page; undefined until the server has said so the first time. */
export const session = signal<Session | undefined>(undefined);

/** Whether somebody was signed in before and no longer is, without having signed out. */
export const hasEnded = signal(false);

/** Counts who has signed in and out here: an answer from before tells of nobody any more. */
let changes = 0;

/** Asks the server who uses the page. Rejects where it does not answer; what was known then stays. */
export async function refreshSession(): Promise<void> {
  const asked = changes;
  const { data } = await api.getSession(throwing);
  // Somebody has signed in or out since: a refused sign-in asks, and the next may be faster than the answer.
  if (asked !== changes) return;
  if (session.peek()?.signedIn && !data.signedIn) hasEnded.value = true;
  session.value = data;
}

export async function signIn(key: string): Promise<void> {
  const { data } = await api.signIn({ ...throwing, body: { key } });
  changes += 1;
  hasEnded.value = false;
  session.value = data;
}

export async function signOut(): Promise<void> {
  await api.signOut(throwing);
  changes += 1;
  const { data } = await api.getSession(throwing);
  session.value = data;
}
