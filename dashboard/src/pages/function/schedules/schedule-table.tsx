import type { ScheduleResponse } from '@glambdar/client';
import { Button } from '../../../parts/button.js';
import { ForeignText } from '../../../parts/foreign-text.js';
import { RelativeTime } from '../../../parts/relative-time.js';
import { type Column, Table } from '../../../parts/table.js';
import { pathTo } from '../../../routes.js';
import { NextRuns } from './next-runs.js';

export interface ScheduleActions {
  /** Undefined where the key may not change the function. */
  readonly change:
    | {
        readonly onSwitch: (schedule: ScheduleResponse, enabled: boolean) => void;
        readonly onEdit: (schedule: ScheduleResponse) => void;
        readonly onDelete: (schedule: ScheduleResponse) => void;
      }
    | undefined;
  /** Undefined where the key may not call it. */
  readonly onRun: ((schedule: ScheduleResponse) => void) | undefined;
}

/** When it runs, in a few words. */
function Rhythm({ schedule: { cron, every, timeZone } }: { readonly schedule: ScheduleResponse }) {
  return (
    <>
      <span class="mono nowrap">
        <ForeignText text={cron ?? `every ${every ?? ''}`} limit={100} />
      </span>
      {cron !== undefined && (
        <p class="reason nowrap">
          <ForeignText text={timeZone ?? 'UTC'} limit={100} />
        </p>
      )}
    </>
  );
}

/** Its last time, and the event that it has made last; times that it left out have made none. */
function LastRun({ schedule: { function: name, last } }: { readonly schedule: ScheduleResponse }) {
  if (last === null) return <span class="muted">never</span>;
  if (last.eventId === null) return <RelativeTime at={last.dueAt} />;
  return (
    <a class="nowrap" href={pathTo.event(name, last.eventId)}>
      <RelativeTime at={last.dueAt} />
    </a>
  );
}

function columnsFor({ change, onRun }: ScheduleActions): readonly Column<ScheduleResponse>[] {
  return [
    {
      id: 'name',
      title: 'Name',
      isHeading: true,
      cell: ({ name }) => (
        <span class="breakable">
          <ForeignText text={name} limit={100} />
        </span>
      ),
    },
    { id: 'when', title: 'When', cell: (schedule) => <Rhythm schedule={schedule} /> },
    {
      id: 'enabled',
      title: 'Enabled',
      cell: (schedule) => (
        <input
          type="checkbox"
          role="switch"
          class="switch"
          aria-label={`${schedule.name} is enabled`}
          checked={schedule.enabled}
          disabled={!change}
          onChange={({ currentTarget }) => {
            change?.onSwitch(schedule, currentTarget.checked);
          }}
        />
      ),
    },
    {
      id: 'next',
      title: 'Next runs',
      cell: ({ next, timeZone }) => <NextRuns times={next} timeZone={timeZone} />,
    },
    {
      id: 'last',
      title: 'Last run',
      isWideOnly: true,
      cell: (schedule) => <LastRun schedule={schedule} />,
    },
    {
      id: 'actions',
      title: 'Actions',
      cell: (schedule) => (
        <span class="row-actions">
          {onRun && <Action verb="Run now" schedule={schedule} act={onRun} />}
          {change && <Action verb="Edit…" schedule={schedule} act={change.onEdit} />}
          {change && <Action verb="Delete…" schedule={schedule} act={change.onDelete} />}
        </span>
      ),
    },
  ];
}

function Action({
  verb,
  schedule,
  act,
}: {
  readonly verb: string;
  readonly schedule: ScheduleResponse;
  readonly act: (schedule: ScheduleResponse) => void;
}) {
  return (
    <Button
      look="quiet"
      label={`${verb.replace('…', '')}: ${schedule.name}`}
      onClick={() => {
        act(schedule);
      }}
    >
      {verb}
    </Button>
  );
}

/** The schedules of a function with what one may do about each. */
export function ScheduleTable({
  schedules,
  ...actions
}: ScheduleActions & { readonly schedules: readonly ScheduleResponse[] }) {
  const columns = columnsFor(actions).filter(
    ({ id }) => id !== 'actions' || actions.onRun !== undefined || actions.change !== undefined,
  );
  return <Table caption="Schedules" rows={schedules} rowKey={({ name }) => name} columns={columns} />;
}
