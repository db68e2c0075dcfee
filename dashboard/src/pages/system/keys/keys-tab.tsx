import { type KeyMetadata, listKeys, revokeKey } from '@glambdar/client';
import { useState } from 'preact/hooks';
import { throwing } from '../../../api/client.js';
import { refreshSession, session } from '../../../api/session.js';
import { usePolled } from '../../../api/use-polled.js';
import { now } from '../../../clock.js';
import { counted } from '../../../format/units.js';
import { Button } from '../../../parts/button.js';
import { Confirm } from '../../../parts/dialog.js';
import { Empty } from '../../../parts/empty.js';
import { Loaded } from '../../../parts/loaded.js';
import { Section } from '../../../parts/section.js';
import { announce } from '../../../parts/toast.js';
import { CreateKeyDialog } from './create-key-dialog.js';
import { listed } from './key-list.js';
import { KeyTable } from './key-table.js';

const refreshMs = 10_000;

/** Who may use the server. */
export function KeysTab() {
  const keys = usePolled(
    async (signal) => (await listKeys({ ...throwing, signal })).data.keys,
    refreshMs,
    [],
  );
  const [isCreating, setCreating] = useState(false);
  const [revoking, setRevoking] = useState<KeyMetadata>();
  const [showsAll, setShowsAll] = useState(false);
  const areRequired = session.value?.keysRequired ?? false;

  return (
    <Section
      title="Keys"
      actions={
        areRequired && (
          <Button
            look="primary"
            onClick={() => {
              setCreating(true);
            }}
          >
            Create a key
          </Button>
        )
      }
    >
      <Loaded from={keys} what="the keys">
        {(all) => {
          const shown = listed(all, showsAll, now.peek());
          const hidden = all.length - shown.length;
          return (
            <>
              {all.length === 0 ? <NoKeys /> : <KeyTable keys={shown} onRevoke={setRevoking} />}
              {(hidden > 0 || showsAll) && (
                <p class="below-table">
                  <Button
                    look="quiet"
                    onClick={() => {
                      setShowsAll(!showsAll);
                    }}
                  >
                    {showsAll
                      ? 'Hide those that are over'
                      : `Show ${counted(hidden, 'revoked or expired key')}`}
                  </Button>
                </p>
              )}
            </>
          );
        }}
      </Loaded>
      {isCreating && (
        <CreateKeyDialog
          onCreated={() => {
            void keys.reload();
          }}
          onClose={() => {
            setCreating(false);
          }}
        />
      )}
      {revoking && (
        <Confirm
          title={`Revoke ${revoking.name}?`}
          verb="Revoke"
          onConfirm={async () => {
            await revokeKey({ ...throwing, path: { id: revoking.id } });
            announce(`${revoking.name} is revoked.`);
            // It may have been the key of this very session.
            await refreshSession();
            await keys.reload();
          }}
          onClose={() => {
            setRevoking(undefined);
          }}
        >
          <p>
            Whoever uses this key is refused from now on. A revoked key cannot be made valid again.
            {revoking.id === session.value?.key?.id && (
              <strong> You are signed in with it, and will be signed out.</strong>
            )}
          </p>
        </Confirm>
      )}
    </Section>
  );
}

/** Over HTTP nobody may make the first key: it locks everybody else out. */
function NoKeys() {
  return (
    <Empty title="The server has no keys: everyone on its machine may use it.">
      <p>
        Create the first one on the server: <code>npm run keys -- create --name me --scopes admin</code>
      </p>
    </Empty>
  );
}
