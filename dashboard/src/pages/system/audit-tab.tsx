import { type AuditEntryResponse, listAudit } from '@glambdar/client';
import { useEffect, useState } from 'preact/hooks';
import { throwing } from '../../api/client.js';
import { isAborted } from '../../api/problem.js';
import { usePolled } from '../../api/use-polled.js';
import { dateTime } from '../../format/time.js';
import { Badge } from '../../parts/badge.js';
import { Button } from '../../parts/button.js';
import { Empty } from '../../parts/empty.js';
import { ForeignText } from '../../parts/foreign-text.js';
import { Loaded } from '../../parts/loaded.js';
import { Section } from '../../parts/section.js';
import { type Column, Table } from '../../parts/table.js';
import { announceFailure } from '../../parts/toast.js';
import { joined, type Pages } from './audit-pages.js';

const pageSize = 50;
const refreshMs = 10_000;

const columns: readonly Column<AuditEntryResponse>[] = [
  { id: 'at', title: 'When', isHeading: true, cell: ({ at }) => <time dateTime={at}>{dateTime(at)}</time> },
  { id: 'actor', title: 'Who', cell: ({ actor }) => <span class="mono">{actor}</span> },
  { id: 'action', title: 'What', cell: ({ action }) => action },
  {
    id: 'target',
    title: 'Of',
    cell: ({ target }) => (target === null ? '–' : <ForeignText text={target} limit={300} />),
  },
  { id: 'outcome', title: 'Outcome', cell: ({ outcome }) => <Badge tone={toneOf(outcome)}>{outcome}</Badge> },
  { id: 'address', title: 'From', isWideOnly: true, cell: ({ address }) => address ?? '–' },
];

/** Who changed what, newest first. What is new appears at the top; older entries come on demand. */
export function AuditTab() {
  const newest = usePolled((signal) => entriesBefore(undefined, signal), refreshMs, []);
  const [pages, setPages] = useState<Pages>({ entries: [], isComplete: false });
  const [isLoading, setLoading] = useState(false);
  const latest = newest.data.value;
  useEffect(() => {
    if (latest) setPages((before) => joined(before, latest, pageSize));
  }, [latest]);

  const loadOlder = async () => {
    setLoading(true);
    try {
      const older = await entriesBefore(pages.entries.at(-1)?.sequence, new AbortController().signal);
      setPages((before) => joined(before, older, pageSize));
    } catch (error) {
      if (!isAborted(error)) announceFailure(error);
    } finally {
      setLoading(false);
    }
  };

  return (
    <Section title="Audit log" actions={<span class="muted">newest first</span>}>
      <Loaded from={newest} what="the audit log">
        {() =>
          pages.entries.length === 0 ? (
            <Empty title="Nobody has changed anything yet." />
          ) : (
            <>
              <Table
                caption="Who changed what, newest first"
                columns={columns}
                rows={pages.entries}
                rowKey={({ sequence }) => sequence}
              />
              {!pages.isComplete && (
                <p class="below-table">
                  <Button
                    isBusy={isLoading}
                    onClick={() => {
                      void loadOlder();
                    }}
                  >
                    Show older entries
                  </Button>
                </p>
              )}
            </>
          )
        }
      </Loaded>
    </Section>
  );
}

async function entriesBefore(before: number | undefined, signal: AbortSignal): Promise<AuditEntryResponse[]> {
  const query = { order: 'newest', limit: pageSize, before } as const;
  return (await listAudit({ ...throwing, query, signal })).data.entries;
}

function toneOf(outcome: string) {
  if (outcome === 'done') return 'good';
  return outcome === 'begun' ? 'neutral' : 'bad';
}
