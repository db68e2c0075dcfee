import { type EventList, type EventResponse, listEvents } from '@glambdar/client';
import { throwing } from '../../../api/client.js';
import type { EventState } from './event-state.js';

/** How many events are listed at first, and each time that one asks for more. */
export const listLengths = [50, 200, 1000] as const;
export type ListLength = (typeof listLengths)[number];

/** Most that the server gives in one page. */
const pageSize = 200;

/** The newest events of a function, and whether there are older ones. */
export interface ListedEvents {
  readonly events: readonly EventResponse[];
  readonly more: boolean;
}

/** Which events to list; undefined for any state. */
export interface EventFilter {
  readonly name: string;
  readonly state: EventState | undefined;
}

/** Page after page, until there are as many as were asked for. */
export async function eventsOf(
  filter: EventFilter,
  most: number,
  signal: AbortSignal,
): Promise<ListedEvents> {
  let { events, cursor } = await pageOf(filter, Math.min(pageSize, most), undefined, signal);
  while (cursor !== null && events.length < most) {
    const next = await pageOf(filter, Math.min(pageSize, most - events.length), cursor, signal);
    events = [...events, ...next.events];
    cursor = next.cursor;
  }
  return { events, more: cursor !== null };
}

async function pageOf(
  { name, state }: EventFilter,
  limit: number,
  cursor: string | undefined,
  signal: AbortSignal,
): Promise<EventList> {
  const { data } = await listEvents({ ...throwing, query: { function: name, state, limit, cursor }, signal });
  return data;
}
