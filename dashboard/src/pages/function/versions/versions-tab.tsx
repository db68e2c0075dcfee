import { listVersions, rollBackFunction, type VersionMetadata } from '@glambdar/client';
import { useState } from 'preact/hooks';
import { throwing } from '../../../api/client.js';
import { may } from '../../../api/may.js';
import { usePolled } from '../../../api/use-polled.js';
import { bytes, counted } from '../../../format/units.js';
import { Badge } from '../../../parts/badge.js';
import { Button } from '../../../parts/button.js';
import { Confirm } from '../../../parts/dialog.js';
import { Loaded } from '../../../parts/loaded.js';
import { RelativeTime } from '../../../parts/relative-time.js';
import { type Column, Table } from '../../../parts/table.js';
import { announce } from '../../../parts/toast.js';
import type { FunctionTabProps } from '../function-tabs.js';
import { VersionDialog } from './version-dialog.js';

const refreshMs = 5000;

/** The versions that are kept, and the way back to them. */
export function VersionsTab({ name, onChanged }: FunctionTabProps) {
  const [chosen, setChosen] = useState<VersionMetadata>();
  const [opened, setOpened] = useState<VersionMetadata>();
  const versions = usePolled(
    async (signal) => {
      const { data } = await listVersions({ ...throwing, path: { name }, signal });
      return data.versions;
    },
    refreshMs,
    [name],
  );
  const rollBack = async (version: number) => {
    await rollBackFunction({ ...throwing, path: { name }, body: { version } });
    announce(`Calls run version ${version} now.`);
    onChanged();
    await versions.reload();
  };
  return (
    <Loaded from={versions} what="the versions">
      {(listed) => (
        <>
          <Table
            caption="Versions"
            rows={listed}
            rowKey={({ version }) => version}
            columns={columnsFor(setOpened, may('functions:deploy', name) ? setChosen : undefined)}
          />
          {opened && (
            <VersionDialog
              name={name}
              version={opened}
              onClose={() => {
                setOpened(undefined);
              }}
            />
          )}
          {chosen && (
            <Confirm
              title={`Make version ${chosen.version} current?`}
              verb="Roll back"
              onConfirm={() => rollBack(chosen.version)}
              onClose={() => {
                setChosen(undefined);
              }}
            >
              <p>
                Calls run its code from then on; running calls finish on theirs. Settings and secrets stay as
                they are now. If it does not load, nothing changes.
              </p>
            </Confirm>
          )}
        </>
      )}
    </Loaded>
  );
}

function columnsFor(
  onOpen: (version: VersionMetadata) => void,
  onRollBack: ((version: VersionMetadata) => void) | undefined,
): readonly Column<VersionMetadata>[] {
  return [
    {
      id: 'version',
      title: 'Version',
      isHeading: true,
      cell: ({ version, current }) => (
        <span class="row">
          {version} {current && <Badge tone="good">current</Badge>}
        </span>
      ),
    },
    { id: 'published', title: 'Published', cell: ({ createdAt }) => <RelativeTime at={createdAt} /> },
    {
      id: 'publisher',
      title: 'By',
      isWideOnly: true,
      cell: ({ publishedBy }) => publishedBy?.name ?? publishedBy?.id ?? '–',
    },
    {
      id: 'size',
      title: 'Size',
      isNumber: true,
      isWideOnly: true,
      cell: ({ codeBytes }) => bytes(codeBytes),
    },
    {
      id: 'files',
      title: 'Files',
      isNumber: true,
      isWideOnly: true,
      cell: ({ fileCount }) => counted(fileCount, 'file'),
    },
    {
      id: 'sha256',
      title: 'SHA-256',
      isWideOnly: true,
      cell: ({ sha256 }) => <code title={sha256}>{sha256.slice(0, 12)}</code>,
    },
    {
      id: 'settings',
      title: 'Settings',
      cell: (version) => (
        <Button
          look="quiet"
          label={`${settingsInWords(version)}: settings of version ${version.version}`}
          onClick={() => {
            onOpen(version);
          }}
        >
          {settingsInWords(version)}
        </Button>
      ),
    },
    ...(onRollBack
      ? [
          {
            id: 'roll-back',
            title: 'Action',
            cell: (version: VersionMetadata) =>
              !version.current && (
                <Button
                  label={`Roll back to version ${version.version}`}
                  onClick={() => {
                    onRollBack(version);
                  }}
                >
                  Roll back
                </Button>
              ),
          },
        ]
      : []),
  ];
}

function settingsInWords({ changes }: VersionMetadata): string {
  return changes === null || changes.length === 0 ? 'Compare' : `${changes.length} changed`;
}
