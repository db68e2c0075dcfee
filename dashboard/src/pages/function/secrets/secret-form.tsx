import { putSecret } from '@glambdar/client';
import { useState } from 'preact/hooks';
import { throwing } from '../../../api/client.js';
import { ApiError, sentenceOf } from '../../../api/problem.js';
import { Button } from '../../../parts/button.js';
import { Field } from '../../../parts/field.js';

interface Refusal {
  readonly field: 'key' | 'value';
  readonly message: string;
}

/** Sets a secret, new or anew. What was typed is forgotten as soon as the server has it. */
export function SecretForm({
  name,
  onSet,
}: {
  readonly name: string;
  readonly onSet: (key: string) => Promise<void>;
}) {
  const [key, setKey] = useState('');
  const [value, setValue] = useState('');
  const [isShown, setShown] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<Refusal>();
  const errorOf = (field: Refusal['field']) => (refusal?.field === field ? refusal.message : undefined);
  const set = async () => {
    if (key.trim() === '' || value === '') {
      const field = key.trim() === '' ? 'key' : 'value';
      setRefusal({ field, message: field === 'key' ? 'A secret needs a name.' : 'A secret needs a value.' });
      return;
    }
    setBusy(true);
    setRefusal(undefined);
    try {
      await putSecret({ ...throwing, path: { name, key: key.trim() }, body: { value } });
      setKey('');
      setValue('');
      setShown(false);
      await onSet(key.trim());
    } catch (error) {
      const isOfValue = error instanceof ApiError && error.field === 'value';
      setRefusal({ field: isOfValue ? 'value' : 'key', message: sentenceOf(error) });
    }
    setBusy(false);
  };
  return (
    <form
      class="form secret-form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (!isBusy) void set();
      }}
    >
      <Field
        label="Name"
        hint="The variable in the function’s environment, such as API_TOKEN. It wins over a variable of the same name."
        error={errorOf('key')}
      >
        {(control) => (
          <input
            {...control}
            class="input mono"
            value={key}
            autoComplete="off"
            autoCapitalize="off"
            spellcheck={false}
            onInput={({ currentTarget }) => {
              setKey(currentTarget.value);
            }}
          />
        )}
      </Field>
      <Field label="Value" hint="It is stored encrypted and never shown again." error={errorOf('value')}>
        {(control) => (
          <textarea
            {...control}
            class={`textarea mono ${isShown ? '' : 'masked'}`}
            rows={3}
            value={value}
            autoComplete="off"
            spellcheck={false}
            onInput={({ currentTarget }) => {
              setValue(currentTarget.value);
            }}
          />
        )}
      </Field>
      <div class="row">
        <Button type="submit" look="primary" isBusy={isBusy}>
          Set secret
        </Button>
        <label class="check">
          <input
            type="checkbox"
            checked={isShown}
            onChange={({ currentTarget }) => {
              setShown(currentTarget.checked);
            }}
          />
          Show what I type
        </label>
      </div>
    </form>
  );
}
