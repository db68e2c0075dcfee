import type { EventResponse } from '@glambdar/client';
import { count } from '../../../format/units.js';
import { ForeignText } from '../../../parts/foreign-text.js';
import { RelativeTime } from '../../../parts/relative-time.js';
import { type Column, Table } from '../../../parts/table.js';
import { pathTo } from '../../../routes.js';
import { EventSource } from './event-source.js';
import { EventStateBadge } from './event-state.js';

const columns: readonly Column<EventResponse>[] = [
  {
    id: 'accepted',
    title: 'Accepted',
    isHeading: true,
    cell: ({ id, function: name, acceptedAt }) => (
      <a class="button button-quiet" href={pathTo.event(name, id)}>
        <span class="unseen">Details of the event </span>
        <RelativeTime at={acceptedAt} />
      </a>
    ),
  },
  { id: 'state', title: 'State', cell: ({ state }) => <EventStateBadge state={state} /> },
  {
    id: 'request',
    title: 'Request',
    isWideOnly: true,
    cell: ({ request: { method, path } }) => (
      <span class="one-line mono">
        {method} <ForeignText text={path} limit={120} />
      </span>
    ),
  },
  { id: 'source', title: 'Made by', isWideOnly: true, cell: (event) => <EventSource event={event} /> },
  {
    id: 'failure',
    title: 'Last failure',
    isWideOnly: true,
    cell: ({ attempts }) => {
      const code = attempts.findLast((attempt) => attempt.code !== null)?.code;
      return code == null ? '–' : <code>{code}</code>;
    },
  },
  { id: 'attempts', title: 'Attempts', isNumber: true, cell: ({ attemptCount }) => count(attemptCount) },
  {
    id: 'next',
    title: 'Next attempt',
    isNumber: true,
    isWideOnly: true,
    cell: ({ nextAttemptAt }) => <RelativeTime at={nextAttemptAt} never="–" />,
  },
];

/** The events of a page, each of which can be opened. */
export function EventTable({ events }: { readonly events: readonly EventResponse[] }) {
  return <Table caption="Events" rows={events} rowKey={({ id }) => id} columns={columns} />;
}
