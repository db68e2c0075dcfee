import { deleteSecret, listSecrets } from '@glambdar/client';
import { useState } from 'preact/hooks';
import { throwing } from '../../../api/client.js';
import { may } from '../../../api/may.js';
import { useLoaded } from '../../../api/use-polled.js';
import { Button } from '../../../parts/button.js';
import { Confirm } from '../../../parts/dialog.js';
import { Empty } from '../../../parts/empty.js';
import { Loaded } from '../../../parts/loaded.js';
import { RelativeTime } from '../../../parts/relative-time.js';
import { Section } from '../../../parts/section.js';
import { Table } from '../../../parts/table.js';
import { announce } from '../../../parts/toast.js';
import type { FunctionTabProps } from '../function-tabs.js';
import { SecretForm } from './secret-form.js';

/** Which secrets there are; what they are is never shown again. */
export function SecretsTab({ name, onChanged }: FunctionTabProps) {
  const [leaving, setLeaving] = useState<string>();
  const mayWrite = may('secrets:write', name);
  const secrets = useLoaded(
    async (signal) => (await listSecrets({ ...throwing, path: { name }, signal })).data.secrets,
    [name],
  );
  const changed = async (sentence: string) => {
    announce(sentence);
    onChanged();
    await secrets.reload();
  };
  return (
    <div class="stack">
      {mayWrite && (
        <Section title="Set a secret">
          <SecretForm name={name} onSet={(key) => changed(`${key} is set. New calls find it.`)} />
        </Section>
      )}
      <Section title="Secrets">
        <Loaded from={secrets} what="the secrets">
          {(listed) =>
            listed.length === 0 ? (
              <Empty title="No secrets.">
                <p>Your code finds a secret in its environment, before any of it runs.</p>
              </Empty>
            ) : (
              <Table
                caption="Secrets"
                rows={listed}
                rowKey={({ key }) => key}
                columns={[
                  { id: 'key', title: 'Name', isHeading: true, cell: ({ key }) => <code>{key}</code> },
                  { id: 'updated', title: 'Set', cell: ({ updatedAt }) => <RelativeTime at={updatedAt} /> },
                  {
                    id: 'created',
                    title: 'First set',
                    isWideOnly: true,
                    cell: ({ createdAt }) => <RelativeTime at={createdAt} />,
                  },
                  ...(mayWrite
                    ? [
                        {
                          id: 'delete',
                          title: 'Action',
                          cell: ({ key }: { key: string }) => (
                            <Button
                              look="quiet"
                              label={`Delete ${key}`}
                              onClick={() => {
                                setLeaving(key);
                              }}
                            >
                              Delete…
                            </Button>
                          ),
                        },
                      ]
                    : []),
                ]}
              />
            )
          }
        </Loaded>
      </Section>
      {leaving !== undefined && (
        <Confirm
          title={`Delete ${leaving}?`}
          verb="Delete"
          onClose={() => {
            setLeaving(undefined);
          }}
          onConfirm={async () => {
            await deleteSecret({ ...throwing, path: { name, key: leaving } });
            await changed(`${leaving} is deleted.`);
          }}
        >
          <p>
            New calls do not find it any more. Its value cannot be read back; keep it elsewhere if you need
            it.
          </p>
        </Confirm>
      )}
    </div>
  );
}
