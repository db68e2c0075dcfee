import { useMemo } from 'preact/hooks';
import { may } from '../../../api/may.js';
import { useLoaded } from '../../../api/use-polled.js';
import { counted } from '../../../format/units.js';
import { Button } from '../../../parts/button.js';
import { ForeignText } from '../../../parts/foreign-text.js';
import { Loaded } from '../../../parts/loaded.js';
import { Message } from '../../../parts/message.js';
import { Section } from '../../../parts/section.js';
import { announce } from '../../../parts/toast.js';
import type { FunctionTabProps } from '../function-tabs.js';
import { keptByName } from '../kept-by-name.js';
import { ChangeList } from './change-list.js';
import { SettingControl } from './setting-control.js';
import { settingChanges } from './setting-changes.js';
import { settingGroupsOf } from './setting-groups.js';
import { settingFields, SettingsForm } from './settings-form.js';

/** What somebody has written is still there when they come back from another tab. */
const formOf = keptByName((name) => new SettingsForm(name));

const groups = settingGroupsOf(settingFields);

/** Every setting with its rule beside it; what is changed is saved together. */
export function SettingsTab({ name, onChanged }: FunctionTabProps) {
  const form = useMemo(() => formOf(name), [name]);
  const loaded = useLoaded(
    async (signal) => {
      await form.load(signal);
      return form;
    },
    [form],
  );
  const isReadOnly = !may('functions:deploy', name);
  const save = async () => {
    const changed = await form.save();
    if (changed === undefined) {
      document.querySelector<HTMLElement>('.settings [aria-invalid="true"]')?.focus();
      return;
    }
    announce(changed === 0 ? 'Nothing had to be changed.' : `${counted(changed, 'setting')} changed.`);
    onChanged();
  };
  return (
    <Loaded from={loaded} what="the settings">
      {() => (
        <form
          class="settings stack"
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            if (!form.isSaving.value) void save();
          }}
        >
          {isReadOnly && <Message tone="info">Your key may read the settings, not change them.</Message>}
          {form.warnings.value.map((warning) => (
            <Message key={warning} tone="warn">
              <ForeignText text={warning} />
            </Message>
          ))}
          {groups.map(({ title, fields }) => (
            <Section key={title} title={title}>
              <div class="settings-fields">
                {fields.map((field) => (
                  <SettingControl key={field.name} form={form} field={field} isReadOnly={isReadOnly} />
                ))}
              </div>
            </Section>
          ))}
          <SaveBar form={form} />
        </form>
      )}
    </Loaded>
  );
}

/** What would change, always in sight while anything would. */
function SaveBar({ form }: { readonly form: SettingsForm }) {
  const patch = form.patch.value;
  const failure = form.failure.value;
  const number = Object.keys(patch).length;
  if (number === 0 && failure === undefined) return null;
  return (
    <div class="save-bar">
      {failure !== undefined && <Message tone="bad">{failure}</Message>}
      <ChangeList caption="What others have changed" changes={form.changedByOthers.value} />
      <details>
        <summary>{counted(number, 'setting')} to save</summary>
        <ChangeList caption="What you change" changes={settingChanges(form.values.value, form.after.value)} />
      </details>
      <div class="row">
        <Button type="submit" look="primary" isBusy={form.isSaving.value}>
          Save
        </Button>
        <Button
          onClick={() => {
            form.discard();
          }}
        >
          Discard
        </Button>
      </div>
    </div>
  );
}
