import { Button } from '../../../parts/button.js';
import { shownValue } from './setting-changes.js';
import { type SettingField, titleOf } from './setting-fields.js';
import type { SettingsForm } from './settings-form.js';
import { shownText, textOf } from './settings-patch.js';

/** The default by its value where the API names it; else it is the choice of whoever runs the server. */
export function RestoreDefault({
  form,
  field,
}: {
  readonly form: SettingsForm;
  readonly field: SettingField;
}) {
  const { name, default: byDefault, control } = field;
  // Those of an object are restored one by one; the object itself goes where its switch is put off.
  if (control === 'members') return null;
  const edit = form.edits.value[name];
  if (edit?.kind === 'default') return <span class="hint">The default will be restored.</span>;
  const isDefault =
    byDefault !== undefined &&
    (control === 'variables'
      ? form.rows.value.length === 0
      : shownText(field, form.values.value, edit) === textOf(byDefault));
  if (isDefault) return null;
  const isNamed = byDefault !== undefined && control !== 'variables';
  const words = isNamed ? `Restore default: ${defaultInWords(byDefault)}` : 'Restore default';
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

function defaultInWords(value: unknown): string {
  return value === null ? 'none' : shownValue(value);
}
