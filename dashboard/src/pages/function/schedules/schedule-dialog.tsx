import { type ScheduleResponse, setSchedule } from '@glambdar/client';
import { useMemo, useState } from 'preact/hooks';
import { throwing } from '../../../api/client.js';
import { ApiError, sentenceOf } from '../../../api/problem.js';
import { Button } from '../../../parts/button.js';
import { Dialog } from '../../../parts/dialog.js';
import { announce } from '../../../parts/toast.js';
import {
  definitionOf,
  errorsOf,
  formOf,
  newForm,
  type ScheduleErrors,
  type ScheduleForm,
} from './schedule-form.js';
import { ScheduleFields } from './schedule-fields.js';
import { ownTimeZone } from './time-in-zone.js';

export interface ScheduleDialogProps {
  /** The function. */
  readonly name: string;
  /** The one that is changed; undefined for a new one. */
  readonly schedule: ScheduleResponse | undefined;
  /** Those that there are: a new one must not take the place of another. */
  readonly taken: readonly string[];
  readonly onSaved: () => void;
  readonly onClose: () => void;
}

/** Adds a schedule, or changes one; what is wrong with it is said at its field. */
export function ScheduleDialog({ name, schedule, taken, onSaved, onClose }: ScheduleDialogProps) {
  const first = useMemo(() => (schedule ? formOf(schedule, ownTimeZone()) : newForm(ownTimeZone())), []);
  const [form, setForm] = useState<ScheduleForm>(first);
  const [errors, setErrors] = useState<ScheduleErrors>({});
  const [isBusy, setBusy] = useState(false);
  const save = async () => {
    const checked = definitionOf(form);
    const id = form.name.trim();
    if ('errors' in checked) {
      setErrors(checked.errors);
      return;
    }
    if (!schedule && taken.includes(id)) {
      setErrors({ name: `There is a schedule ${id} already; change that one, or choose another name.` });
      return;
    }
    setBusy(true);
    try {
      await setSchedule({ ...throwing, path: { name, schedule: id }, body: checked.definition });
      announce(`${id} is saved.`);
      onSaved();
      onClose();
    } catch (error) {
      const field = error instanceof ApiError ? error.field : undefined;
      setErrors(errorsOf({ field, message: sentenceOf(error) }));
      setBusy(false);
    }
  };
  return (
    <Dialog title={schedule ? `Schedule ${schedule.name}` : 'Add a schedule'} onClose={onClose}>
      <form
        class="form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (!isBusy) void save();
        }}
      >
        <ScheduleFields
          form={form}
          errors={errors}
          isNew={!schedule}
          onChange={(change) => {
            setForm({ ...form, ...change });
            setErrors({});
          }}
        />
        <div class="dialog-foot">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" isBusy={isBusy}>
            Save
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
