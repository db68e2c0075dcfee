import { errorRate } from '../../api/series.js';
import type { FunctionStats } from '@glambdar/client';
import { count, duration } from '../../format/units.js';
import { Empty } from '../../parts/empty.js';
import { ErrorRate } from '../../parts/error-rate.js';
import { RelativeTime } from '../../parts/relative-time.js';
import { Section } from '../../parts/section.js';
import { Sparkline } from '../../parts/sparkline.js';
import { type Column, Table } from '../../parts/table.js';
import { pathTo } from '../../routes.js';

const shown = 8;

const columns: readonly Column<FunctionStats>[] = [
  {
    id: 'name',
    title: 'Function',
    isHeading: true,
    cell: ({ name }) => (
      <a class="breakable" href={pathTo.oneFunction(name)}>
        {name}
      </a>
    ),
  },
  {
    id: 'spark',
    title: 'Calls over time',
    isWideOnly: true,
    cell: ({ name, sparkline }) => <Sparkline values={sparkline} label={`Calls of ${name} over time`} />,
  },
  { id: 'calls', title: 'Calls', isNumber: true, cell: ({ calls }) => count(calls) },
  {
    id: 'errors',
    title: 'Failed',
    isNumber: true,
    cell: (row) => <ErrorRate rate={errorRate(row)} />,
  },
  { id: 'p50', title: 'p50', isNumber: true, isWideOnly: true, cell: ({ p50Ms }) => durationOrNone(p50Ms) },
  { id: 'p99', title: 'p99', isNumber: true, cell: ({ p99Ms }) => durationOrNone(p99Ms) },
  {
    id: 'last',
    title: 'Last call',
    isNumber: true,
    isWideOnly: true,
    cell: ({ lastCallAt }) => <RelativeTime at={lastCallAt} />,
  },
];

export interface BusiestFunctionsProps {
  readonly functions: readonly FunctionStats[];
  /** "in the last hour" */
  readonly within: string;
}

/** Where the calls went. */
export function BusiestFunctions({ functions, within }: BusiestFunctionsProps) {
  return (
    <Section title="Busiest functions" actions={<a href={pathTo.functions()}>All functions</a>}>
      {functions.length === 0 ? (
        <Empty title={`No function was called ${within}.`}>
          <p>
            <a href={pathTo.functions()}>Deploy one</a>, or call one that is there.
          </p>
        </Empty>
      ) : (
        <Table
          caption={`Functions that were called most ${within}`}
          columns={columns}
          rows={functions.slice(0, shown)}
          rowKey={({ name }) => name}
        />
      )}
    </Section>
  );
}

function durationOrNone(ms: number | null): string {
  return ms === null ? '–' : duration(ms);
}
