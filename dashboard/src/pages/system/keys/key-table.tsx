import type { KeyMetadata } from '@glambdar/client';
import { session } from '../../../api/session.js';
import { now } from '../../../clock.js';
import { Badge } from '../../../parts/badge.js';
import { Button } from '../../../parts/button.js';
import { RelativeTime } from '../../../parts/relative-time.js';
import { type Column, Table } from '../../../parts/table.js';
import { stateOf } from './key-list.js';

const tones = { valid: 'good', expired: 'neutral', revoked: 'neutral' } as const;

export interface KeyTableProps {
  readonly keys: readonly KeyMetadata[];
  readonly onRevoke: (key: KeyMetadata) => void;
}

export function KeyTable({ keys, onRevoke }: KeyTableProps) {
  const columns: readonly Column<KeyMetadata>[] = [
    {
      id: 'name',
      title: 'Name',
      isHeading: true,
      cell: ({ id, name }) => (
        <>
          {name} {id === session.value?.key?.id && <Badge tone="info">you</Badge>}
          <p class="reason mono">{id}</p>
        </>
      ),
    },
    {
      id: 'scopes',
      title: 'May',
      cell: ({ scopes, functions }) => <Reach scopes={scopes} functions={functions} />,
    },
    { id: 'state', title: 'State', cell: (key) => <State of={key} /> },
    {
      id: 'used',
      title: 'Last used',
      isWideOnly: true,
      cell: ({ lastUsedOn }) => lastUsedOn ?? <span class="muted">never</span>,
    },
    {
      id: 'created',
      title: 'Created',
      isWideOnly: true,
      cell: ({ createdAt }) => <RelativeTime at={createdAt} />,
    },
    {
      id: 'revoke',
      title: 'Action',
      isNumber: true,
      cell: (key) =>
        key.revokedAt === null && (
          <Button
            look="danger"
            onClick={() => {
              onRevoke(key);
            }}
          >
            Revoke<span class="unseen"> {key.name}</span>
          </Button>
        ),
    },
  ];
  return <Table caption="Keys" columns={columns} rows={keys} rowKey={({ id }) => id} />;
}

function Reach({ scopes, functions }: Pick<KeyMetadata, 'scopes' | 'functions'>) {
  return (
    <>
      <ul class="scopes">
        {scopes.map((scope) => (
          <li key={scope}>
            <Badge>{scope}</Badge>
          </li>
        ))}
      </ul>
      {functions !== null && <p class="reason">only for {functions.join(', ')}</p>}
    </>
  );
}

function State({ of: key }: { readonly of: KeyMetadata }) {
  const state = stateOf(key, now.peek());
  return (
    <>
      <Badge tone={tones[state]}>{state}</Badge>
      {state === 'valid' && key.expiresAt !== null && (
        <p class="reason">
          ends <RelativeTime at={key.expiresAt} />
        </p>
      )}
      {key.revokedAt !== null && (
        <p class="reason">
          <RelativeTime at={key.revokedAt} />
        </p>
      )}
    </>
  );
}
