import { type CreatedKeyResponse, createKey } from '@glambdar/client';
import { useState } from 'preact/hooks';
import { throwing } from '../../../api/client.js';
import type { Scope } from '../../../api/permissions.js';
import { ApiError, errorOf } from '../../../api/problem.js';
import { Button } from '../../../parts/button.js';
import { CopyText } from '../../../parts/copy.js';
import { Dialog } from '../../../parts/dialog.js';
import { Field } from '../../../parts/field.js';
import { Message } from '../../../parts/message.js';
import { expiryAfter, patternsIn } from './key-list.js';
import { ScopeChoice } from './scope-choice.js';

const lifetimes = [
  { days: 30, title: 'In 30 days' },
  { days: 90, title: 'In 90 days' },
  { days: 365, title: 'In a year' },
  { days: null, title: 'Never' },
] as const;

export interface CreateKeyDialogProps {
  readonly onCreated: () => void;
  readonly onClose: () => void;
}

/** Makes a key, and shows it the only time that it is ever shown. */
export function CreateKeyDialog({ onCreated, onClose }: CreateKeyDialogProps) {
  const [created, setCreated] = useState<CreatedKeyResponse>();
  return (
    <Dialog title={created ? `The key ${created.name}` : 'Create a key'} onClose={onClose}>
      {created ? (
        <Created created={created} onClose={onClose} />
      ) : (
        <CreateForm
          onClose={onClose}
          onCreated={(one) => {
            setCreated(one);
            onCreated();
          }}
        />
      )}
    </Dialog>
  );
}

function Created({
  created,
  onClose,
}: {
  readonly created: CreatedKeyResponse;
  readonly onClose: () => void;
}) {
  return (
    <div class="form">
      <div role="status">
        <Message tone="good" title="Copy it now.">
          It is shown only this once: the server does not keep it.
        </Message>
      </div>
      <CopyText text={created.key} label="The key" />
      <div class="dialog-foot">
        <Button look="primary" onClick={onClose}>
          Done
        </Button>
      </div>
    </div>
  );
}

interface CreateFormProps {
  readonly onCreated: (created: CreatedKeyResponse) => void;
  readonly onClose: () => void;
}

function CreateForm({ onCreated, onClose }: CreateFormProps) {
  const [name, setName] = useState('');
  const [scopes, setScopes] = useState<readonly Scope[]>([]);
  const [functions, setFunctions] = useState('');
  const [days, setDays] = useState<number | null>(90);
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<ApiError>();
  const errorAt = (field: string) => (failure?.field?.startsWith(field) ? failure.message : undefined);

  const create = async () => {
    setBusy(true);
    setFailure(undefined);
    const body = {
      name,
      scopes: [...scopes],
      functions: patternsIn(functions),
      expiresAt: expiryAfter(days, Date.now()),
    };
    try {
      onCreated((await createKey({ ...throwing, body })).data);
    } catch (error) {
      setFailure(errorOf(error, 0));
      setBusy(false);
    }
  };

  return (
    <form
      class="form"
      onSubmit={(event) => {
        event.preventDefault();
        void create();
      }}
    >
      <Field label="Name" hint="Who or what will use it." error={errorAt('name')}>
        {(control) => (
          <input
            {...control}
            class="input"
            value={name}
            required
            maxLength={64}
            autoComplete="off"
            onInput={(event) => {
              setName(event.currentTarget.value);
            }}
          />
        )}
      </Field>
      <ScopeChoice chosen={scopes} error={errorAt('scopes')} onChoose={setScopes} />
      <Field
        label="Only for certain functions"
        hint={
          <>
            Names, or patterns such as <code>shop-*</code>. Empty: all functions, and the server itself.
          </>
        }
        error={errorAt('functions')}
      >
        {(control) => (
          <input
            {...control}
            class="input mono"
            value={functions}
            autoComplete="off"
            spellcheck={false}
            onInput={(event) => {
              setFunctions(event.currentTarget.value);
            }}
          />
        )}
      </Field>
      <Field label="Ends" error={errorAt('expiresAt')}>
        {(control) => (
          <select
            {...control}
            class="select"
            value={days ?? ''}
            onChange={({ currentTarget: { value } }) => {
              setDays(value === '' ? null : Number(value));
            }}
          >
            {lifetimes.map((one) => (
              <option key={one.title} value={one.days ?? ''}>
                {one.title}
              </option>
            ))}
          </select>
        )}
      </Field>
      {failure !== undefined && failure.field === undefined && (
        <Message tone="bad">{failure.message}</Message>
      )}
      <div class="dialog-foot">
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" look="primary" isBusy={isBusy}>
          Create
        </Button>
      </div>
    </form>
  );
}
