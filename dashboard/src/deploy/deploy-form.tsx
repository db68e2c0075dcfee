import { useEffect, useRef, useState } from 'preact/hooks';
import { may } from '../api/may.js';
import { bytes, counted } from '../format/units.js';
import { Button } from '../parts/button.js';
import { Field } from '../parts/field.js';
import { Message } from '../parts/message.js';
import {
  bytesOf,
  type Chosen,
  type CodeFile,
  hasEntry,
  isInstalled,
  nameError,
  nameFrom,
  refusalOf,
  withoutInstalled,
} from './code-files.js';
import type { Order } from './deployment.js';

export interface DeployFormProps {
  readonly chosen: Chosen;
  readonly name: string | undefined;
  readonly existing: readonly string[];
  readonly onOther: () => void;
  readonly onDeploy: (order: Order) => void;
}

/** What was chosen, under which name it is deployed, and what that means. */
export function DeployForm({ chosen, name: fixed, existing, onOther, onDeploy }: DeployFormProps) {
  const field = useRef<HTMLInputElement>(null);
  const form = useRef<HTMLFormElement>(null);
  const [name, setName] = useState(fixed ?? nameFrom(chosen.name));
  const [keepsPackages, setKeepsPackages] = useState(false);
  const [isChecked, setChecked] = useState(false);
  const files = chosen.kind === 'files' ? packed(chosen.files, keepsPackages) : undefined;
  const refusal = files && refusalOf(files);
  const rule = nameError(name) ?? reachError(name);
  // What had the focus, such as the button that chose the code, is gone.
  useEffect(() => {
    const first = field.current ?? form.current;
    first?.focus();
    field.current?.select();
  }, []);

  return (
    <form
      ref={form}
      tabIndex={-1}
      aria-label="What to deploy"
      class="form"
      onSubmit={(event) => {
        event.preventDefault();
        setChecked(true);
        if (rule !== undefined || refusal !== undefined) field.current?.focus();
        else onDeploy({ name, code: chosen.kind === 'archive' ? chosen.file : (files ?? []) });
      }}
    >
      <p class="chosen">
        <strong>{chosen.name}</strong>{' '}
        <span class="muted">
          {files
            ? `${counted(files.length, 'file')}, ${bytes(bytesOf(files))}`
            : chosen.kind === 'archive' && bytes(chosen.file.size)}
        </span>
        <Button look="quiet" onClick={onOther}>
          Choose another
        </Button>
      </p>
      {refusal !== undefined && <Message tone="bad">{refusal}</Message>}
      {files && refusal === undefined && !hasEntry(files) && (
        <Message tone="warn" title="No index.js in it.">
          Without one at the top the function cannot be called, unless its handler is set to another file.
        </Message>
      )}
      {chosen.kind === 'files' && chosen.files.some(isInstalled) && (
        <label class="check">
          <input
            type="checkbox"
            checked={keepsPackages}
            onChange={(event) => {
              setKeepsPackages(event.currentTarget.checked);
            }}
          />
          <span>
            Upload <code>node_modules</code> as it is{' '}
            <span class="muted">(otherwise the server installs what package.json names)</span>
          </span>
        </label>
      )}
      {fixed === undefined && (
        <Field
          label="Name"
          error={isChecked ? rule : undefined}
          hint={
            existing.includes(name)
              ? `${name} exists: this publishes a new version of it.`
              : 'Its address is /invoke/ and this name.'
          }
        >
          {(control) => (
            <input
              {...control}
              ref={field}
              class="input"
              value={name}
              maxLength={64}
              autoComplete="off"
              spellcheck={false}
              onInput={(event) => {
                setName(event.currentTarget.value);
              }}
            />
          )}
        </Field>
      )}
      <div class="dialog-foot">
        <Button type="submit" look="primary" disabled={refusal !== undefined}>
          {existing.includes(name) ? 'Publish' : 'Deploy'}
        </Button>
      </div>
    </form>
  );
}

function packed(files: readonly CodeFile[], keepsPackages: boolean): readonly CodeFile[] {
  return keepsPackages ? files : withoutInstalled(files);
}

function reachError(name: string): string | undefined {
  return may('functions:deploy', name)
    ? undefined
    : 'Your key may not deploy a function of this name. Choose another name, or sign in with another key.';
}
