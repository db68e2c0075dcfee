import { pathTo } from '../../../routes.js';
import { Field } from '../../../parts/field.js';
import { Described } from '../../../parts/described.js';
import { PairRows } from '../../../parts/pair-rows.js';
import { RestoreDefault } from './restore-default.js';
import { type SettingField, titleOf } from './setting-fields.js';
import type { SettingsForm } from './settings-form.js';
import { shownText, variableErrors } from './settings-patch.js';
import { ValueControl } from './value-control.js';

export interface SettingControlProps {
  readonly form: SettingsForm;
  readonly field: SettingField;
  readonly isReadOnly: boolean;
}

/** A setting with its rule, and with what is wrong with it. */
export function SettingControl(props: SettingControlProps) {
  const { form, field, isReadOnly } = props;
  const { name } = field;
  return (
    <div class={`setting setting-${field.control}`}>
      <Body {...props} />
      <div class="row setting-foot">
        <code title="The setting's name in the API and in glambdar.json">{name}</code>
        {!isReadOnly && field.control !== 'elsewhere' && <RestoreDefault form={form} field={field} />}
      </div>
    </div>
  );
}

function Body(props: SettingControlProps) {
  const { form, field } = props;
  const error = form.errors.value[field.name];
  const hint = <Described text={field.description} />;
  switch (field.control) {
    case 'variables':
      return <Variables {...props} />;
    case 'members':
      return <Members {...props} />;
    case 'elsewhere':
      return <Elsewhere form={form} field={field} />;
    case 'text':
    case 'number':
    case 'choice':
    case 'switch':
    case 'list':
      return (
        <Field label={titleOf(field.name)} hint={hint} error={error}>
          {(control) => <ValueControl {...props} control={control} />}
        </Field>
      );
  }
}

function Variables({ form, field, isReadOnly }: SettingControlProps) {
  const error = form.errors.value[field.name];
  return (
    <>
      <p class="hint">
        <Described text={field.description} />
      </p>
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
  );
}

/** What is many things with names is listed and changed on a tab of its own. */
function Elsewhere({ form, field: { name, description } }: Pick<SettingControlProps, 'form' | 'field'>) {
  return (
    <>
      <p class="field-name">{titleOf(name)}</p>
      <p class="hint">
        <Described text={description} />
      </p>
      <p>
        <a href={pathTo.oneFunction(form.name, name)}>See and change them on their own tab</a>
      </p>
    </>
  );
}

/** An object: its fields, and where it may be missing a switch, without which they say nothing. */
function Members({ form, field, isReadOnly }: SettingControlProps) {
  const { name, description, members } = field;
  const mayBeMissing = field.default === null;
  const isSet = !mayBeMissing || shownText(field, form.values.value, form.edits.value[name]) === 'true';
  const error = form.errors.value[name];
  return (
    <fieldset class="rows">
      <legend class="field-name">{titleOf(name)}</legend>
      <p class="hint">
        <Described text={description} />
      </p>
      {mayBeMissing && (
        <label class="check">
          <input
            type="checkbox"
            checked={isSet}
            disabled={isReadOnly}
            onChange={({ currentTarget: { checked } }) => {
              form.edit(name, { kind: 'value', text: String(checked) });
            }}
          />
          <span>Set {titleOf(name)}</span>
        </label>
      )}
      {error !== undefined && (
        <p class="field-error" role="alert">
          {error}
        </p>
      )}
      {isSet && (
        <div class="settings-fields">
          {members.map((member) => (
            <SettingControl key={member.name} form={form} field={member} isReadOnly={isReadOnly} />
          ))}
        </div>
      )}
    </fieldset>
  );
}
