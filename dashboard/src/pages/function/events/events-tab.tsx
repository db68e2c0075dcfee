import { useLocation } from 'preact-iso';
import { useState } from 'preact/hooks';
import { may } from '../../../api/may.js';
import { usePolled } from '../../../api/use-polled.js';
import { counted } from '../../../format/units.js';
import { Button } from '../../../parts/button.js';
import { Empty } from '../../../parts/empty.js';
import { Field } from '../../../parts/field.js';
import { Loaded } from '../../../parts/loaded.js';
import { pathTo } from '../../../routes.js';
import type { FunctionTabProps } from '../function-tabs.js';
import { EventActions } from './event-actions.js';
import { EventDialog } from './event-dialog.js';
import { eventsOf, type ListLength, listLengths } from './event-list.js';
import { type EventState, eventStates } from './event-state.js';
import { EventTable } from './event-table.js';

/** For each event that is listed: a long list is asked for less often. */
const refreshMsPerEvent = 60;

/** The function's events, the newest first. Each has an address, under which it is open. */
export function EventsTab({ name }: FunctionTabProps) {
  const [state, setState] = useState<EventState>();
  const [length, setLength] = useState<ListLength>(listLengths[0]);
  return (
    <Events
      key={length}
      name={name}
      state={state}
      length={length}
      onState={(chosen) => {
        setState(chosen);
        setLength(listLengths[0]);
      }}
      onLonger={setLength}
    />
  );
}

interface EventsProps {
  readonly name: string;
  readonly state: EventState | undefined;
  readonly length: ListLength;
  readonly onState: (state: EventState | undefined) => void;
  readonly onLonger: (length: ListLength) => void;
}

function Events({ name, state, length, onState, onLonger }: EventsProps) {
  const { query, route } = useLocation();
  const opened = query['event'];
  const listed = usePolled(
    (signal) => eventsOf({ name, state }, length, signal),
    length * refreshMsPerEvent,
    [name, state],
  );
  const longer = listLengths.find((one) => one > length);
  return (
    <div class="stack">
      <div class="filters" role="search" aria-label="Filter the events">
        <StateFilter state={state} onState={onState} />
        {may('functions:invoke', name) && (
          <EventActions name={name} state={state} onChanged={() => listed.reload()} />
        )}
      </div>
      <Loaded from={listed} what="the events">
        {({ events, more }) =>
          events.length === 0 ? (
            <Empty title={state === undefined ? 'No events.' : 'No such events.'}>
              <p>
                An event is a call that nobody waits for: one with the header{' '}
                <code>Prefer: respond-async</code>, of a schedule, or after another event.
              </p>
            </Empty>
          ) : (
            <>
              <EventTable events={events} />
              <div class="row">
                <span class="hint">The last {counted(events.length, 'event')}</span>
                {more && longer !== undefined && (
                  <Button
                    onClick={() => {
                      onLonger(longer);
                    }}
                  >
                    Show older
                  </Button>
                )}
              </div>
            </>
          )
        }
      </Loaded>
      {opened !== undefined && (
        <EventDialog
          key={opened}
          id={opened}
          onChanged={() => void listed.reload()}
          onClose={() => {
            route(pathTo.oneFunction(name, 'events'));
          }}
        />
      )}
    </div>
  );
}

function StateFilter({ state, onState }: Pick<EventsProps, 'state' | 'onState'>) {
  return (
    <Field label="State">
      {(control) => (
        <select
          {...control}
          class="select"
          value={state ?? ''}
          onChange={({ currentTarget: { value } }) => {
            onState(value === '' ? undefined : (value as EventState));
          }}
        >
          <option value="">Any</option>
          {eventStates.map((one) => (
            <option key={one}>{one}</option>
          ))}
        </select>
      )}
    </Field>
  );
}
