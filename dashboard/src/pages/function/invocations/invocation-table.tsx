import type { InvocationResponse } from '@glambdar/client';
import { bytes, duration } from '../../../format/units.js';
import { Button } from '../../../parts/button.js';
import { ForeignText } from '../../../parts/foreign-text.js';
import { RelativeTime } from '../../../parts/relative-time.js';
import { type Column, Table } from '../../../parts/table.js';
import { OutcomeBadge } from '../outcome.js';

const columns = (onOpen: (id: string) => void): readonly Column<InvocationResponse>[] => [
  {
    id: 'started',
    title: 'Started',
    isHeading: true,
    cell: ({ id, startedAt }) => (
      <Button
        look="quiet"
        onClick={() => {
          onOpen(id);
        }}
      >
        <span class="unseen">Details of the call </span>
        <RelativeTime at={startedAt} />
      </Button>
    ),
  },
  { id: 'outcome', title: 'Outcome', cell: ({ outcome }) => <OutcomeBadge outcome={outcome} /> },
  {
    id: 'answer',
    title: 'Answer',
    cell: ({ statusCode, failure }) =>
      failure === null ? (
        (statusCode ?? '–')
      ) : (
        <span class="one-line">
          <code>{failure.code}</code>{' '}
          <span class="muted wide-only">
            <ForeignText text={failure.errorMessage ?? failure.message} limit={120} />
          </span>
        </span>
      ),
  },
  { id: 'took', title: 'Took', isNumber: true, cell: ({ phases }) => duration(phases.totalMs) },
  {
    id: 'origin',
    title: 'Container',
    isWideOnly: true,
    cell: ({ origin }) => <span class="nowrap">{origin ?? '–'}</span>,
  },
  {
    id: 'memory',
    title: 'Memory',
    isNumber: true,
    isWideOnly: true,
    cell: ({ memoryPeakBytes }) => (memoryPeakBytes === null ? '–' : bytes(memoryPeakBytes)),
  },
  { id: 'version', title: 'Version', isNumber: true, isWideOnly: true, cell: ({ version }) => version },
];

/** The calls of a page, each of which can be opened. */
export function InvocationTable({
  invocations,
  onOpen,
}: {
  readonly invocations: readonly InvocationResponse[];
  readonly onOpen: (id: string) => void;
}) {
  return <Table caption="Invocations" rows={invocations} rowKey={({ id }) => id} columns={columns(onOpen)} />;
}
