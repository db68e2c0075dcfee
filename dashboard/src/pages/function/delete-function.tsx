import { deleteFunction } from '@glambdar/client';
import { useLocation } from 'preact-iso';
import { useState } from 'preact/hooks';
import { throwing } from '../../api/client.js';
import { sentenceOf } from '../../api/problem.js';
import { Button } from '../../parts/button.js';
import { Dialog } from '../../parts/dialog.js';
import { Field } from '../../parts/field.js';
import { announce } from '../../parts/toast.js';
import { pathTo } from '../../routes.js';

/** A button, and the question whether one means it: the name must be typed, for nothing brings the function back. */
export function DeleteFunction({ name }: { readonly name: string }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button
        look="danger"
        onClick={() => {
          setOpen(true);
        }}
      >
        Delete…
      </Button>
      {isOpen && (
        <DeleteDialog
          name={name}
          onClose={() => {
            setOpen(false);
          }}
        />
      )}
    </>
  );
}

function DeleteDialog({ name, onClose }: { readonly name: string; readonly onClose: () => void }) {
  const { route } = useLocation();
  const [typed, setTyped] = useState('');
  const [error, setError] = useState<string>();
  const [isBusy, setBusy] = useState(false);
  const remove = async () => {
    if (typed !== name) {
      setError(`Type ${name} to delete it.`);
      return;
    }
    setBusy(true);
    try {
      await deleteFunction({ ...throwing, path: { name } });
      announce(`${name} is deleted.`);
      route(pathTo.functions());
    } catch (failure) {
      setError(sentenceOf(failure));
      setBusy(false);
    }
  };
  return (
    <Dialog title={`Delete ${name}?`} onClose={onClose}>
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault();
          if (!isBusy) void remove();
        }}
      >
        <p>
          Its versions, settings, secrets, logs and records go with it. Nothing brings them back. Running
          calls finish.
        </p>
        <Field label={`Type ${name} to go on`} error={error}>
          {(control) => (
            <input
              {...control}
              class="input mono"
              value={typed}
              autoComplete="off"
              spellcheck={false}
              onInput={({ currentTarget }) => {
                setTyped(currentTarget.value);
                setError(undefined);
              }}
            />
          )}
        </Field>
        <div class="dialog-foot">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="danger" isBusy={isBusy} disabled={typed !== name}>
            Delete
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
