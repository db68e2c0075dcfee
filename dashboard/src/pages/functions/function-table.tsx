import { useState } from 'preact/hooks';
import { count, counted } from '../../format/units.js';
import { Badge } from '../../parts/badge.js';
import { Empty } from '../../parts/empty.js';
import { ErrorRate } from '../../parts/error-rate.js';
import { ForeignText } from '../../parts/foreign-text.js';
import { RelativeTime } from '../../parts/relative-time.js';
import { Sparkline } from '../../parts/sparkline.js';
import { type Column, Table } from '../../parts/table.js';
import { pathTo } from '../../routes.js';
import { found, type FunctionRow } from './rows.js';

const tones = { active: 'good', failing: 'warn', broken: 'bad' } as const;

const columns: readonly Column<FunctionRow>[] = [
  {
    id: 'name',
    title: 'Name',
    isHeading: true,
    key: ({ name }) => name,
    cell: ({ name, stateReason }) => (
      <>
        <a class="breakable" href={pathTo.oneFunction(name)}>
          {name}
        </a>
        {stateReason !== undefined && (
          <p class="reason">
            <ForeignText text={stateReason} />
          </p>
        )}
      </>
    ),
  },
  {
    id: 'state',
    title: 'State',
    key: ({ state }) => state,
    cell: ({ state }) => <Badge tone={tones[state]}>{state}</Badge>,
  },
  {
    id: 'spark',
    title: 'Last hour',
    isWideOnly: true,
    cell: ({ name, sparkline }) =>
      sparkline && <Sparkline values={sparkline} label={`Calls of ${name} in the last hour`} />,
  },
  {
    id: 'calls',
    title: 'Calls',
    isNumber: true,
    key: ({ calls }) => calls ?? null,
    cell: ({ calls }) => (calls === undefined ? '–' : count(calls)),
  },
  {
    id: 'errors',
    title: 'Failed',
    isNumber: true,
    isWideOnly: true,
    key: ({ errorRate }) => errorRate,
    cell: ({ errorRate }) => <ErrorRate rate={errorRate} />,
  },
  {
    id: 'called',
    title: 'Last call',
    isNumber: true,
    isWideOnly: true,
    key: ({ lastInvokedAt }) => (lastInvokedAt === null ? null : Date.parse(lastInvokedAt)),
    cell: ({ lastInvokedAt }) => <RelativeTime at={lastInvokedAt} />,
  },
  {
    id: 'version',
    title: 'Version',
    isNumber: true,
    isWideOnly: true,
    key: ({ version }) => version,
    cell: ({ version }) => version,
  },
];

/** All functions, of which a search leaves some. */
export function FunctionTable({ rows }: { readonly rows: readonly FunctionRow[] }) {
  const [search, setSearch] = useState('');
  const shown = found(rows, search);
  return (
    <section class="card" aria-label="All functions">
      <div class="row list-head">
        <input
          type="search"
          class="input search"
          placeholder="Search by name"
          aria-label="Search functions by name"
          value={search}
          onInput={(event) => {
            setSearch(event.currentTarget.value);
          }}
        />
        <p class="muted" role="status">
          {search === ''
            ? counted(rows.length, 'function')
            : `${count(shown.length)} of ${counted(rows.length, 'function')}`}
        </p>
      </div>
      {shown.length === 0 ? (
        <Empty title="No function has such a name." />
      ) : (
        <Table
          caption="Functions"
          columns={columns}
          rows={shown}
          rowKey={({ name }) => name}
          sorting={{ column: 'name', descending: false }}
        />
      )}
    </section>
  );
}
