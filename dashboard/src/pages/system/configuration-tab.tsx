import { getServer, type SettingResponse } from '@glambdar/client';
import { useState } from 'preact/hooks';
import { throwing } from '../../api/client.js';
import { useLoaded } from '../../api/use-polled.js';
import { counted } from '../../format/units.js';
import { Badge } from '../../parts/badge.js';
import { Choices } from '../../parts/choices.js';
import { Described } from '../../parts/described.js';
import { Empty } from '../../parts/empty.js';
import { Loaded } from '../../parts/loaded.js';
import { Section } from '../../parts/section.js';
import { type Column, Table } from '../../parts/table.js';
import { settingsFound, type Shown } from './settings-search.js';

const columns: readonly Column<SettingResponse>[] = [
  {
    id: 'name',
    title: 'Setting',
    isHeading: true,
    cell: ({ name, description }) => (
      <>
        <span class="mono setting-name">{name}</span>
        <p class="reason">
          <Described text={description} />
        </p>
      </>
    ),
  },
  { id: 'value', title: 'Value', cell: (setting) => <Value of={setting} /> },
  {
    id: 'source',
    title: 'From',
    isWideOnly: true,
    cell: ({ source }) =>
      source === 'environment' ? <Badge tone="info">environment</Badge> : <Badge>default</Badge>,
  },
];

/** The settings that are in force, which are read when the server starts. */
export function ConfigurationTab() {
  const server = useLoaded(async (signal) => (await getServer({ ...throwing, signal })).data, []);
  const [search, setSearch] = useState('');
  const [shown, setShown] = useState<Shown>('all');
  return (
    <Section
      title="Configuration"
      actions={<span class="muted">environment variables, read at the start</span>}
    >
      <Loaded from={server} what="the configuration">
        {({ settings, version, node }) => {
          const found = settingsFound(settings, search, shown);
          return (
            <>
              <div class="row list-head">
                <input
                  type="search"
                  class="input search"
                  placeholder="Search settings"
                  aria-label="Search settings"
                  value={search}
                  onInput={(event) => {
                    setSearch(event.currentTarget.value);
                  }}
                />
                <Choices
                  label="Which settings"
                  choices={[
                    { value: 'all', title: 'All' },
                    { value: 'set', title: 'Set here' },
                  ]}
                  chosen={shown}
                  onChoose={setShown}
                />
                <p class="muted list-note" role="status">
                  {counted(found.length, 'setting')}; Glambdar {version} on Node.js {node}
                </p>
              </div>
              {found.length === 0 ? (
                <Empty
                  title={
                    shown === 'set' && search === '' ? 'Every setting has its default.' : 'No such setting.'
                  }
                />
              ) : (
                <Table caption="Settings" columns={columns} rows={found} rowKey={({ name }) => name} />
              )}
            </>
          );
        }}
      </Loaded>
    </Section>
  );
}

function Value({ of: { value, confidential, source } }: { readonly of: SettingResponse }) {
  if (confidential)
    return <span class="muted">{source === 'environment' ? 'set, not shown' : 'not shown'}</span>;
  if (value === null || value === '') return <span class="muted">none</span>;
  return <span class="mono setting-value">{String(value)}</span>;
}
