import {
  deleteSchedule,
  listSchedules,
  runSchedule,
  type ScheduleResponse,
  setSchedule,
} from '@glambdar/client';
import { useLocation } from 'preact-iso';
import { useState } from 'preact/hooks';
import { throwing } from '../../../api/client.js';
import { may } from '../../../api/may.js';
import { usePolled } from '../../../api/use-polled.js';
import { Button } from '../../../parts/button.js';
import { Confirm } from '../../../parts/dialog.js';
import { Empty } from '../../../parts/empty.js';
import { Loaded } from '../../../parts/loaded.js';
import { Section } from '../../../parts/section.js';
import { announce, announceFailure } from '../../../parts/toast.js';
import { pathTo } from '../../../routes.js';
import type { FunctionTabProps } from '../function-tabs.js';
import { ScheduleDialog } from './schedule-dialog.js';
import { switched } from './schedule-form.js';
import { ScheduleTable } from './schedule-table.js';

const refreshMs = 5000;

/** When the function is called by itself. */
export function SchedulesTab({ name, onChanged }: FunctionTabProps) {
  const { route } = useLocation();
  /** `new`, or the one that is changed. */
  const [edited, setEdited] = useState<ScheduleResponse | 'new'>();
  const [leaving, setLeaving] = useState<ScheduleResponse>();
  const listed = usePolled(
    async (signal) => {
      const { data } = await listSchedules({ ...throwing, query: { function: name }, signal });
      return data.schedules;
    },
    refreshMs,
    [name],
  );
  const mayChange = may('functions:deploy', name);
  const changed = async () => {
    onChanged();
    await listed.reload();
  };
  const enable = async (schedule: ScheduleResponse, enabled: boolean) => {
    const path = { name, schedule: schedule.name };
    await setSchedule({ ...throwing, path, body: switched(schedule, enabled) });
    announce(`${schedule.name} is ${enabled ? 'enabled' : 'disabled'}.`);
    await changed();
  };
  const run = async (schedule: ScheduleResponse) => {
    const { data } = await runSchedule({ ...throwing, path: { name, schedule: schedule.name } });
    announce('The server has the event and will run it.');
    route(pathTo.event(name, data.id));
  };
  return (
    <Section
      title="Schedules"
      actions={
        mayChange && (
          <Button
            onClick={() => {
              setEdited('new');
            }}
          >
            Add a schedule
          </Button>
        )
      }
    >
      <Loaded from={listed} what="the schedules">
        {(schedules) =>
          schedules.length === 0 ? (
            <Empty title="No schedules.">
              <p>A schedule calls the function at certain times, or at an interval.</p>
            </Empty>
          ) : (
            <ScheduleTable
              schedules={schedules}
              onRun={
                may('functions:invoke', name)
                  ? (schedule) => {
                      run(schedule).catch(announceFailure);
                    }
                  : undefined
              }
              change={
                mayChange
                  ? {
                      onSwitch: (schedule, enabled) => {
                        enable(schedule, enabled).catch((error: unknown) => {
                          announceFailure(error);
                          // The switch shows again what holds.
                          void listed.reload();
                        });
                      },
                      onEdit: setEdited,
                      onDelete: setLeaving,
                    }
                  : undefined
              }
            />
          )
        }
      </Loaded>
      {edited !== undefined && (
        <ScheduleDialog
          name={name}
          schedule={edited === 'new' ? undefined : edited}
          taken={(listed.data.value ?? []).map((schedule) => schedule.name)}
          onSaved={() => void changed()}
          onClose={() => {
            setEdited(undefined);
          }}
        />
      )}
      {leaving !== undefined && (
        <Confirm
          title={`Delete ${leaving.name}?`}
          verb="Delete"
          onClose={() => {
            setLeaving(undefined);
          }}
          onConfirm={async () => {
            await deleteSchedule({ ...throwing, path: { name, schedule: leaving.name } });
            announce(`${leaving.name} is deleted.`);
            await changed();
          }}
        >
          <p>The function is not called by it any more. Events that it has made stay.</p>
        </Confirm>
      )}
    </Section>
  );
}
