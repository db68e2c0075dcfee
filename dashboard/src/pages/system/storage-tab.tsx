import { getServer, type RuntimeResponse, type ServerResponse, type StorageResponse } from '@glambdar/client';
import { throwing } from '../../api/client.js';
import { usePolled } from '../../api/use-polled.js';
import { bytes } from '../../format/units.js';
import { Badge } from '../../parts/badge.js';
import { Loaded } from '../../parts/loaded.js';
import { RelativeTime } from '../../parts/relative-time.js';
import { Section } from '../../parts/section.js';
import { type Column, Table } from '../../parts/table.js';
import { Tile } from '../../parts/tile.js';

/** The server measures no more often. */
const refreshMs = 60_000;

const kinds: Readonly<Record<StorageResponse['what'], { readonly title: string; readonly note: string }>> = {
  code: { title: 'Code', note: 'versions of functions' },
  databases: { title: 'Databases', note: 'functions, keys, audit log, logs and calls' },
  staging: { title: 'Uploads', note: 'being received or unpacked now' },
  buildCache: { title: 'Build cache', note: 'packages that were installed before' },
  other: { title: 'Other', note: 'what else lies in the server’s directory' },
};

const storageColumns: readonly Column<StorageResponse>[] = [
  {
    id: 'what',
    title: 'What',
    isHeading: true,
    cell: ({ what }) => (
      <>
        {kinds[what].title} <span class="muted">{kinds[what].note}</span>
      </>
    ),
  },
  {
    id: 'bytes',
    title: 'Size',
    isNumber: true,
    cell: ({ bytes: size, atLeast }) => `${atLeast ? 'at least ' : ''}${bytes(size)}`,
  },
];

const runtimeTones = { present: 'good', missing: 'bad', unknown: 'neutral' } as const;

const runtimeColumns: readonly Column<RuntimeResponse>[] = [
  { id: 'name', title: 'Runtime', isHeading: true, cell: ({ name }) => name },
  { id: 'image', title: 'Image', cell: ({ image }) => <span class="mono setting-value">{image}</span> },
  { id: 'state', title: 'State', cell: ({ state }) => <Badge tone={runtimeTones[state]}>{state}</Badge> },
];

/** Where the server's bytes are, and what its functions run in. */
export function StorageTab() {
  const server = usePolled(async (signal) => (await getServer({ ...throwing, signal })).data, refreshMs, []);
  return (
    <Loaded from={server} what="the storage">
      {(data) => (
        <div class="stack">
          <Now server={data} />
          <Section title="The server’s directory">
            <Table
              caption="What the server stores"
              columns={storageColumns}
              rows={data.storage}
              rowKey={({ what }) => what}
            />
          </Section>
          <Section title="Images">
            <Table
              caption="Images of the runtimes"
              columns={runtimeColumns}
              rows={data.runtimes}
              rowKey={({ name }) => name}
            />
          </Section>
        </div>
      )}
    </Loaded>
  );
}

function Now({ server: { disk, engine, storage, startedAt } }: { readonly server: ServerResponse }) {
  const isUp = engine.state === 'up';
  return (
    <section aria-label="Disk and engine">
      <dl class="tiles">
        <Tile
          title="Disk free"
          value={disk === null ? 'unknown' : bytes(disk.freeBytes)}
          note={disk === null ? undefined : `of ${bytes(disk.totalBytes)}`}
          taken={disk === null ? undefined : 1 - disk.freeBytes / disk.totalBytes}
        />
        <Tile title="Stored by Glambdar" value={bytes(storage.reduce((sum, one) => sum + one.bytes, 0))} />
        <Tile
          title="Container engine"
          value={isUp ? 'Up' : 'Down'}
          tone={isUp ? undefined : 'bad'}
          note={
            <>
              {engine.version === null ? '' : `${engine.version}, `}server started{' '}
              <RelativeTime at={startedAt} />
            </>
          }
        />
      </dl>
    </section>
  );
}
