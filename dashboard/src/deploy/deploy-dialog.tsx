import type { DeploymentResponse } from '@glambdar/client';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { Dialog } from '../parts/dialog.js';
import type { Chosen } from './code-files.js';
import { DeployForm } from './deploy-form.js';
import { DeployProgress } from './deploy-progress.js';
import { DeployOutcome } from './deploy-outcome.js';
import { Deployment } from './deployment.js';
import { DropZone, FileButtons } from './drop-zone.js';

export interface DeployDialogProps {
  /** Where something was dropped already. */
  readonly chosen?: Chosen | undefined;
  /** Of the function that gets a new version; otherwise one chooses. */
  readonly name?: string;
  /** Names of functions that exist, so that the dialog says what will happen. */
  readonly existing: readonly string[];
  readonly onDeployed: (result: DeploymentResponse) => void;
  readonly onClose: () => void;
}

/** From code in a folder to a function that can be called, in one dialog. */
export function DeployDialog({ chosen: first, name, existing, onDeployed, onClose }: DeployDialogProps) {
  const [chosen, setChosen] = useState(first);
  const deployment = useMemo(() => new Deployment(), []);
  const stage = deployment.stage.value;
  const choose = (one: Chosen) => {
    deployment.reset();
    setChosen(one);
  };
  const close = () => {
    // Nobody loses a deployment to the Escape key: it is cancelled by name.
    if (!deployment.isUnderWay.value) onClose();
  };
  return (
    <Dialog title={name === undefined ? 'Deploy a function' : `Publish a version of ${name}`} onClose={close}>
      {chosen === undefined ? (
        <DropZone onChosen={choose}>
          <DropTarget onChosen={choose} />
        </DropZone>
      ) : (
        <DropZone onChosen={choose}>
          {stage.is === 'choosing' && (
            <DeployForm
              key={chosen}
              chosen={chosen}
              name={name}
              existing={existing}
              onOther={() => {
                setChosen(undefined);
              }}
              onDeploy={(order) => {
                void deployment.run(order).then(() => {
                  const { value } = deployment.stage;
                  if (value.is === 'deployed') onDeployed(value.result);
                });
              }}
            />
          )}
          {deployment.isUnderWay.value && <DeployProgress deployment={deployment} />}
          {(stage.is === 'deployed' || stage.is === 'failed') && (
            <DeployOutcome deployment={deployment} stage={stage} onClose={onClose} />
          )}
        </DropZone>
      )}
    </Dialog>
  );
}

function DropTarget({ onChosen }: { readonly onChosen: (chosen: Chosen) => void }) {
  const target = useRef<HTMLDivElement>(null);
  // Whoever chooses another code had the focus on a button that is gone.
  useEffect(() => {
    target.current?.focus();
  }, []);
  return (
    <div class="drop-target" ref={target} tabIndex={-1} data-start>
      <p>Drop a folder, a zip, or a single file here.</p>
      <FileButtons onChosen={onChosen} />
    </div>
  );
}
