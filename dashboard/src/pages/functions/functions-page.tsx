import { listFunctions } from '@glambdar/client';
import { throwing } from '../../api/client.js';
import { usePolled } from '../../api/use-polled.js';
import { Badge } from '../../parts/badge.js';
import { Empty } from '../../parts/empty.js';
import { Loaded } from '../../parts/loaded.js';
import { Page } from '../../parts/page.js';
import { RelativeTime } from '../../parts/relative-time.js';
import { Table } from '../../parts/table.js';
import { pathTo } from '../../routes.js';

export function FunctionsPage() {
  const listed = usePolled(
    async (signal) => (await listFunctions({ ...throwing, signal })).data.functions,
    5000,
    [],
  );
  return (
    <Page title="Functions">
      <Loaded from={listed} what="the functions">
        {(functions) =>
          functions.length === 0 ? (
            <Empty title="No functions yet." />
          ) : (
            <Table
              caption="Functions"
              rows={functions}
              rowKey={({ name }) => name}
              sorting={{ column: 'name', descending: false }}
              columns={[
                {
                  id: 'name',
                  title: 'Name',
                  isHeading: true,
                  key: ({ name }) => name,
                  cell: ({ name }) => <a href={pathTo.oneFunction(name)}>{name}</a>,
                },
                { id: 'state', title: 'State', cell: ({ state }) => <Badge>{state}</Badge> },
                {
                  id: 'called',
                  title: 'Last call',
                  key: ({ lastInvokedAt }) => lastInvokedAt,
                  cell: ({ lastInvokedAt }) => <RelativeTime at={lastInvokedAt} />,
                },
              ]}
            />
          )
        }
      </Loaded>
    </Page>
  );
}
