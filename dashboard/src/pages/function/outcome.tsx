import type { InvocationResponse } from '@glambdar/client';
import { Badge, type Tone } from '../../parts/badge.js';

export type Outcome = InvocationResponse['outcome'];

/** Who is to look at a call that went like this. */
export const outcomes: Readonly<Record<Outcome, { readonly title: string; readonly tone: Tone }>> = {
  success: { title: 'answered', tone: 'good' },
  caller: { title: 'caller’s fault', tone: 'warn' },
  function: { title: 'function’s fault', tone: 'bad' },
  platform: { title: 'platform’s fault', tone: 'bad' },
};

export function OutcomeBadge({ outcome }: { readonly outcome: Outcome }) {
  const { title, tone } = outcomes[outcome];
  return <Badge tone={tone}>{title}</Badge>;
}
