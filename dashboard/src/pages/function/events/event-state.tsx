import type { EventResponse } from '@glambdar/client';
import { Badge, type Tone } from '../../../parts/badge.js';

export type EventState = EventResponse['state'];

/** What a state means to whoever looks at a list of events, and how urgently. */
const states: Readonly<Record<EventState, { readonly title: string; readonly tone: Tone }>> = {
  queued: { title: 'queued', tone: 'info' },
  running: { title: 'running', tone: 'info' },
  failed: { title: 'failed, tried again', tone: 'warn' },
  succeeded: { title: 'succeeded', tone: 'good' },
  dead: { title: 'dead', tone: 'bad' },
};

export const eventStates = Object.keys(states) as EventState[];

export function EventStateBadge({ state }: { readonly state: EventState }) {
  const { title, tone } = states[state];
  return <Badge tone={tone}>{title}</Badge>;
}

/** One that is running cannot be retried or deleted. */
export const isRunning = ({ state }: EventResponse): boolean => state === 'running';
