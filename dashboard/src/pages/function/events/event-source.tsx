import type { EventResponse } from '@glambdar/client';
import { dateTime } from '../../../format/time.js';
import { ForeignText } from '../../../parts/foreign-text.js';
import { pathTo } from '../../../routes.js';

/** What made an event, in a few words. */
export function EventSource({ event }: { readonly event: EventResponse }) {
  const { kind, schedule = '', manual, eventId } = event.source;
  if (kind === 'http') return <>a request</>;
  if (kind === 'schedule')
    return (
      <>
        schedule <ForeignText text={schedule} limit={100} />
        {manual === true && ', run by hand'}
      </>
    );
  if (eventId === undefined) return <>another event</>;
  return <a href={pathTo.event(event.function, eventId)}>another event</a>;
}

/** The same with all that is known. */
export function EventSourceDetails({ event }: { readonly event: EventResponse }) {
  const { dueAt, outcome } = event.source;
  return (
    <>
      <EventSource event={event} />
      {dueAt !== undefined && `, due ${dateTime(dueAt)}`}
      {outcome !== undefined && ` that ended with ${outcome}`}
    </>
  );
}
