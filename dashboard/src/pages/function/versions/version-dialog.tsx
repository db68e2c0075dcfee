import { getSettings, type VersionMetadata } from '@glambdar/client';
import { throwing } from '../../../api/client.js';
import { useLoaded } from '../../../api/use-polled.js';
import { dateTime } from '../../../format/time.js';
import { Dialog } from '../../../parts/dialog.js';
import { Loaded } from '../../../parts/loaded.js';
import { ChangeList } from '../settings/change-list.js';
import { settingChanges } from '../settings/setting-changes.js';

export interface VersionDialogProps {
  readonly name: string;
  readonly version: VersionMetadata;
  readonly onClose: () => void;
}

/** The settings that a version was published with: what it changed, and what is otherwise now. */
export function VersionDialog({ name, version, onClose }: VersionDialogProps) {
  const { settings, changes } = version;
  const current = useLoaded(
    async (signal) => {
      const { data } = await getSettings({ ...throwing, path: { name }, signal });
      return data;
    },
    [name],
  );
  return (
    <Dialog title={`Settings of version ${version.version}`} onClose={onClose}>
      <div class="stack">
        <p class="muted">Published {dateTime(version.createdAt)}</p>
        <h3>Changed since the version before it</h3>
        {changes === null ? (
          <p class="muted">Not known: the version before it is not kept.</p>
        ) : (
          <Changes caption="Changed since the version before it" changes={changes} none="Nothing." />
        )}
        <h3>Otherwise now</h3>
        {settings === null ? (
          <p class="muted">Not known: an older server has published it.</p>
        ) : (
          <Loaded from={current} what="the settings">
            {(now) => (
              <Changes
                caption="Otherwise now"
                changes={settingChanges({ ...settings }, { ...now })}
                none="Nothing: the function has the same settings now."
              />
            )}
          </Loaded>
        )}
        <p class="hint">Rolling back brings the code back, not the settings.</p>
      </div>
    </Dialog>
  );
}

function Changes({ none, ...list }: Parameters<typeof ChangeList>[0] & { readonly none: string }) {
  return list.changes.length === 0 ? <p class="muted">{none}</p> : <ChangeList {...list} />;
}
