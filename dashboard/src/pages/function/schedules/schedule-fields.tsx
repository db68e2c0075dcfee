import { useId, useMemo } from 'preact/hooks';
import { Choices } from '../../../parts/choices.js';
import { Field } from '../../../parts/field.js';
import type { ScheduleErrors, ScheduleForm } from './schedule-form.js';
import { timeZones } from './time-in-zone.js';

export interface ScheduleFieldsProps {
  readonly form: ScheduleForm;
  readonly errors: ScheduleErrors;
  /** Its name is still to be chosen. */
  readonly isNew: boolean;
  readonly onChange: (change: Partial<ScheduleForm>) => void;
}

/** What there is to say about a schedule. */
export function ScheduleFields({ form, errors, isNew, onChange }: ScheduleFieldsProps) {
  const text = (field: 'name' | 'cron' | 'every', label: string, hint: string, isReadOnly = false) => (
    <Field label={label} hint={hint} error={errors[field]}>
      {(control) => (
        <input
          {...control}
          class="input mono"
          value={form[field]}
          autoComplete="off"
          spellcheck={false}
          readOnly={isReadOnly}
          onInput={({ currentTarget: { value } }) => {
            onChange({ [field]: value });
          }}
        />
      )}
    </Field>
  );
  return (
    <>
      {isNew
        ? text('name', 'Name', 'Letters, digits, "_" and "-".')
        : errors.name !== undefined && (
            <p class="field-error" role="alert">
              {errors.name}
            </p>
          )}
      <Choices
        label="When"
        choices={[
          { value: 'cron', title: 'At certain times' },
          { value: 'every', title: 'At an interval' },
        ]}
        chosen={form.rhythm}
        onChoose={(rhythm) => {
          onChange({ rhythm });
        }}
      />
      {form.rhythm === 'cron' ? (
        <>
          {text(
            'cron',
            'Cron expression',
            'Minute, hour, day of the month, month and day of the week; seconds may come first.',
          )}
          <TimeZone form={form} errors={errors} onChange={onChange} />
        </>
      ) : (
        text('every', 'Every', 'A whole number and s, m, h or d, such as 10m.')
      )}
      <Payload form={form} errors={errors} onChange={onChange} />
      <Field label="Times that pass while the server does not run" error={errors.missed}>
        {(control) => (
          <select
            {...control}
            class="select"
            value={form.missed}
            onChange={({ currentTarget: { value } }) => {
              onChange({ missed: value === 'run-once' ? 'run-once' : 'skip' });
            }}
          >
            <option value="skip">are left out</option>
            <option value="run-once">are made up for, all of them with one run</option>
          </select>
        )}
      </Field>
      <label class="check">
        <input
          type="checkbox"
          checked={form.enabled}
          onChange={({ currentTarget: { checked } }) => {
            onChange({ enabled: checked });
          }}
        />
        <span>Enabled</span>
      </label>
    </>
  );
}

type PartProps = Omit<ScheduleFieldsProps, 'isNew'>;

function TimeZone({ form, errors, onChange }: PartProps) {
  const list = useId();
  const zones = useMemo(timeZones, []);
  return (
    <Field label="Time zone" hint="Where the hours are meant, such as Europe/Berlin." error={errors.timeZone}>
      {(control) => (
        <>
          <input
            {...control}
            class="input"
            list={list}
            value={form.timeZone}
            placeholder="UTC"
            autoComplete="off"
            spellcheck={false}
            onInput={({ currentTarget: { value } }) => {
              onChange({ timeZone: value });
            }}
          />
          <datalist id={list}>
            {zones.map((zone) => (
              <option key={zone} value={zone} />
            ))}
          </datalist>
        </>
      )}
    </Field>
  );
}

function Payload({ form, errors, onChange }: PartProps) {
  return (
    <Field label="Payload" hint="JSON, the body of each call; empty for none." error={errors.payload}>
      {(control) => (
        <textarea
          {...control}
          class="textarea mono"
          rows={4}
          value={form.payload}
          spellcheck={false}
          onInput={({ currentTarget: { value } }) => {
            onChange({ payload: value });
          }}
        />
      )}
    </Field>
  );
}
