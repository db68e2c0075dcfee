import type { ControlProps } from '../../../parts/field.js';
import type { SettingField } from './setting-fields.js';
import type { SettingsForm } from './settings-form.js';
import { shownText } from './settings-patch.js';

export interface ValueControlProps {
  readonly form: SettingsForm;
  readonly field: SettingField;
  readonly isReadOnly: boolean;
  readonly control: ControlProps;
}

/** The one control of a setting that is a single value or a list. */
export function ValueControl({ form, field, isReadOnly, control }: ValueControlProps) {
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
    case 'members':
    case 'elsewhere':
      return (
        <input
          {...shared}
          class={name === 'handler' ? 'input mono' : 'input'}
          placeholder={field.default === null ? 'none' : undefined}
        />
      );
  }
}
