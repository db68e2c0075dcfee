import type { BuildOutcome, DeploymentResponse } from '@glambdar/client';
import { useEffect, useRef } from 'preact/hooks';
import type { ApiError } from '../api/problem.js';
import { bytes, counted, duration } from '../format/units.js';
import { Button } from '../parts/button.js';
import { ForeignText } from '../parts/foreign-text.js';
import { Message } from '../parts/message.js';
import { pathTo } from '../routes.js';
import { BuildConsole } from './build-console.js';
import type { Deployment, Stage } from './deployment.js';

export interface DeployOutcomeProps {
  readonly deployment: Deployment;
  readonly stage: Extract<Stage, { is: 'deployed' | 'failed' }>;
  readonly onClose: () => void;
}

/** How a deployment went, and where one goes from here. */
export function DeployOutcome({ deployment, stage, onClose }: DeployOutcomeProps) {
  const outcome = useRef<HTMLDivElement>(null);
  // What had the focus is gone.
  useEffect(() => {
    outcome.current?.focus();
  }, []);
  const log = deployment.log.value;
  return (
    <div class="form" ref={outcome} tabIndex={-1}>
      {stage.is === 'deployed' ? <Deployed result={stage.result} /> : <Failed error={stage.error} />}
      {log && <BuildConsole log={log} />}
      <div class="dialog-foot">
        {stage.is === 'failed' && (
          <Button
            onClick={() => {
              deployment.reset();
            }}
          >
            Back
          </Button>
        )}
        <Button onClick={onClose}>Close</Button>
        {stage.is === 'deployed' && (
          <a class="button button-primary" href={pathTo.oneFunction(stage.result.function)}>
            Open {stage.result.function}
          </a>
        )}
      </div>
    </div>
  );
}

function Deployed({ result }: { readonly result: DeploymentResponse }) {
  const { function: name, version, codeBytes, fileCount, build, warnings = [], notes = [] } = result;
  return (
    <>
      <div role="status">
        <Message tone="good" title={`${name} is deployed.`}>
          Version {version}, {counted(fileCount, 'file')}, {bytes(codeBytes)}.{build && ` ${builtAs(build)}`}
        </Message>
      </div>
      {warnings.map((warning) => (
        <Message key={warning} tone="warn">
          <ForeignText text={warning} />
        </Message>
      ))}
      {notes.map((note) => (
        <Message key={note} tone="info">
          <ForeignText text={note} />
        </Message>
      ))}
    </>
  );
}

function builtAs({ cached, seconds }: BuildOutcome): string {
  if (cached) return 'Its packages came from an earlier build.';
  return `Its build took ${duration(seconds * 1000)}.`;
}

function Failed({ error }: { readonly error: ApiError }) {
  const output = error.problem?.output;
  return (
    <>
      <Message tone="bad" title="Not deployed.">
        <ForeignText text={error.message} />
      </Message>
      {output !== undefined && (
        <pre class="console" tabIndex={0} aria-label="What the function printed">
          <ForeignText text={output} limit={20_000} />
        </pre>
      )}
    </>
  );
}
