import { Button } from '../../../parts/button.js';
import { type ControlProps, Field } from '../../../parts/field.js';
import { Described } from '../../../parts/described.js';
import { PairRows } from '../../../parts/pair-rows.js';
import { shownValue } from './setting-changes.js';
import { type SettingField, titleOf } from './setting-fields.js';
import type { SettingsForm } from './settings-form.js';
import { shownText, textOf, variableErrors } from './settings-patch.js';

export interface SettingControlProps {
  readonly form: SettingsForm;
  readonly field: SettingField;
  readonly isReadOnly: boolean;
}

/** A setting with its rule, and with what is wrong with it. */
export function SettingControl({ form, field, isReadOnly }: SettingControlProps) {
  const { name } = field;
  const error = form.errors.value[name];
  const hint = <Described text={field.description} />;
  return (
    <div class={`setting setting-${field.control}`}>
      {field.control === 'variables' ? (
        <>
          <p class="hint">{hint}</p>
          <PairRows
            title="Variables"
            noun="variable"
            isMultiline
            isReadOnly={isReadOnly}
            rows={form.rows.value}
            errors={variableErrors(form.rows.value)}
            onChange={(rows) => {
              form.editVariables(rows);
            }}
          />
          {error !== undefined && (
            <p class="field-error" role="alert">
              {error}
            </p>
          )}
        </>
      ) : (
        <Field label={titleOf(name)} hint={hint} error={error}>
          {(control) => <Control form={form} field={field} isReadOnly={isReadOnly} control={control} />}
        </Field>
      )}
      <div class="row setting-foot">
        <code title="The setting's name in the API and in glambdar.json">{name}</code>
        {!isReadOnly && <Restore form={form} field={field} />}
      </div>
    </div>
  );
}

function Control({
  form,
  field,
  isReadOnly,
  control,
}: SettingControlProps & { readonly control: ControlProps }) {
  const { name, choices } = field;
  const text = shownText(field, form.values.value, form.edits.value[name]);
  const onInput = ({ currentTarget }: { currentTarget: { value: string } }) => {
    form.edit(name, { kind: 'value', text: currentTarget.value });
  };
  const shared = {
    ...control,
    autoComplete: 'off',
    spellcheck: false,
    readOnly: isReadOnly,
    value: text,
    onInput,
  };
  const isDefault = form.edits.value[name]?.kind === 'default';
  switch (field.control) {
    case 'choice':
    case 'switch':
      return (
        <select {...control} class="select" disabled={isReadOnly} value={text} onInput={onInput}>
          {(field.control === 'switch' ? ['true', 'false'] : choices).map((choice) => (
            <option key={choice}>{choice}</option>
          ))}
        </select>
      );
    case 'number':
      return (
        <input
          {...shared}
          class="input"
          inputMode="numeric"
          placeholder={isDefault ? 'the server’s default' : undefined}
        />
      );
    case 'list':
      return <textarea {...shared} class="textarea mono" rows={4} placeholder="one entry a line" />;
    case 'text':
    case 'variables':
      return <input {...shared} class={name === 'handler' ? 'input mono' : 'input'} />;
  }
}

/** The default by its value where the API names it; else it is the choice of whoever runs the server. */
function Restore({ form, field }: Omit<SettingControlProps, 'isReadOnly'>) {
  const { name, default: byDefault } = field;
  const edit = form.edits.value[name];
  if (edit?.kind === 'default') return <span class="hint">The default will be restored.</span>;
  const isDefault =
    byDefault !== undefined &&
    (field.control === 'variables'
      ? form.rows.value.length === 0
      : shownText(field, form.values.value, edit) === textOf(byDefault));
  if (isDefault) return null;
  const isNamed = byDefault !== undefined && field.control !== 'variables';
  const words = isNamed ? `Restore default: ${shownValue(byDefault)}` : 'Restore default';
  return (
    <Button
      look="quiet"
      label={`${words}, of ${titleOf(name)}`}
      onClick={() => {
        form.edit(name, { kind: 'default' });
      }}
    >
      {words}
    </Button>
  );
}
