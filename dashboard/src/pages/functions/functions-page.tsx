import { type FunctionMetadata, listFunctions, type StatsResponse } from '@glambdar/client';
import { useState } from 'preact/hooks';
import { throwing } from '../../api/client.js';
import { may } from '../../api/may.js';
import { loadStats } from '../../api/stats.js';
import { usePolled } from '../../api/use-polled.js';
import type { Chosen } from '../../deploy/code-files.js';
import { DeployDialog } from '../../deploy/deploy-dialog.js';
import { DropZone } from '../../deploy/drop-zone.js';
import { Button } from '../../parts/button.js';
import { Empty } from '../../parts/empty.js';
import { Icon } from '../../parts/icon.js';
import { Loaded } from '../../parts/loaded.js';
import { Page } from '../../parts/page.js';
import { FirstFunction } from './first-function.js';
import { FunctionTable } from './function-table.js';
import { rowsOf } from './rows.js';

const refreshMs = 5000;

/** Every function that the key may see; code dropped anywhere on the page is deployed. */
export function FunctionsPage() {
  return may('functions:read') ? <Listed /> : <Unlisted />;
}

interface Loading {
  readonly functions: readonly FunctionMetadata[];
  readonly stats: StatsResponse | undefined;
}

function Listed() {
  const listed = usePolled(loadAll, refreshMs, []);
  const [deploying, setDeploying] = useState<{ readonly chosen?: Chosen }>();
  const mayDeploy = may('functions:deploy');
  const content = (
    <Loaded from={listed} what="the functions">
      {({ functions, stats }) => {
        if (functions.length > 0) return <FunctionTable rows={rowsOf(functions, stats?.functions)} />;
        if (!mayDeploy) return <Empty title="No functions yet." />;
        return (
          <FirstFunction
            onChosen={(chosen) => {
              setDeploying({ chosen });
            }}
          />
        );
      }}
    </Loaded>
  );
  return (
    <Page
      title="Functions"
      actions={
        mayDeploy && (
          <Button
            look="primary"
            onClick={() => {
              setDeploying({});
            }}
          >
            <Icon name="upload" />
            Deploy
          </Button>
        )
      }
    >
      {mayDeploy ? (
        <DropZone
          onChosen={(chosen) => {
            setDeploying({ chosen });
          }}
        >
          {content}
        </DropZone>
      ) : (
        content
      )}
      {deploying && (
        <DeployDialog
          chosen={deploying.chosen}
          existing={(listed.data.value?.functions ?? []).map(({ name }) => name)}
          onDeployed={() => {
            void listed.reload();
          }}
          onClose={() => {
            setDeploying(undefined);
          }}
        />
      )}
    </Page>
  );
}

async function loadAll(signal: AbortSignal): Promise<Loading> {
  const [{ data }, stats] = await Promise.all([
    listFunctions({ ...throwing, signal }),
    // The list is worth something without numbers.
    may('metrics:read') ? loadStats({ minutes: 60 }, signal).catch(() => undefined) : undefined,
  ]);
  return { functions: data.functions, stats };
}

function Unlisted() {
  return (
    <Page title="Functions">
      <Empty title="Your key may not list functions.">
        <p>
          Sign in with a key that has the scope <code>functions:read</code>.
        </p>
      </Empty>
    </Page>
  );
}
