import type { EventStats } from '@glambdar/client';
import { count } from '../../format/units.js';
import { RelativeTime } from '../../parts/relative-time.js';
import { Section } from '../../parts/section.js';
import { type Column, Table } from '../../parts/table.js';
import { pathTo } from '../../routes.js';

const shown = 8;

const columns: readonly Column<EventStats>[] = [
  {
    id: 'name',
    title: 'Function',
    isHeading: true,
    cell: ({ name }) => (
      <a class="breakable" href={pathTo.oneFunction(name, 'events')}>
        {name}
      </a>
    ),
  },
  { id: 'queued', title: 'Queued', isNumber: true, cell: ({ queued }) => count(queued) },
  {
    id: 'running',
    title: 'Running',
    isNumber: true,
    isWideOnly: true,
    cell: ({ running }) => count(running),
  },
  { id: 'dead', title: 'Dead', isNumber: true, cell: ({ dead }) => count(dead) },
  {
    id: 'oldest',
    title: 'Oldest queued',
    isNumber: true,
    isWideOnly: true,
    cell: ({ oldestAt }) => <RelativeTime at={oldestAt} never="–" />,
  },
];

/** Work that nobody waits for, where there is any. */
export function EventQueues({ events }: { readonly events: readonly EventStats[] }) {
  if (events.length === 0) return null;
  return (
    <Section title="Events">
      <Table
        caption="Functions with events that wait, run or are dead"
        columns={columns}
        rows={events.slice(0, shown)}
        rowKey={({ name }) => name}
      />
    </Section>
  );
}
