import { useEffect, useRef } from 'preact/hooks';
import { Button } from '../parts/button.js';
import { Progress } from '../parts/progress.js';
import { BuildConsole } from './build-console.js';
import type { Deployment, Stage } from './deployment.js';

/** How far a deployment is, and what its build prints. */
export function DeployProgress({ deployment }: { readonly deployment: Deployment }) {
  const stage = deployment.stage.value;
  const log = deployment.log.value;
  const progress = useRef<HTMLDivElement>(null);
  // The button that began it is gone.
  useEffect(() => {
    progress.current?.focus();
  }, []);
  return (
    <div class="form" ref={progress} tabIndex={-1}>
      <div>
        <Progress label={labelOf(stage)} part={'part' in stage ? stage.part : undefined} />
        <p class="unseen" role="status">
          {labelOf(stage)}
        </p>
      </div>
      {log && <BuildConsole log={log} />}
      <div class="dialog-foot">
        <Button
          onClick={() => {
            deployment.cancel();
          }}
        >
          Cancel
        </Button>
      </div>
    </div>
  );
}

function labelOf({ is }: Stage): string {
  if (is === 'packing') return 'Packing';
  if (is === 'uploading') return 'Uploading';
  return 'Building and publishing';
}
