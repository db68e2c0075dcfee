import { deleteEvents, retryEvents } from '@glambdar/client';
import { useState } from 'preact/hooks';
import { throwing } from '../../../api/client.js';
import { count, counted } from '../../../format/units.js';
import { Button } from '../../../parts/button.js';
import { Confirm } from '../../../parts/dialog.js';
import { announce, announcing } from '../../../parts/toast.js';
import { eventsOf } from './event-list.js';
import type { EventState } from './event-state.js';

export interface EventActionsProps {
  readonly name: string;
  /** The state that is listed; undefined for any. */
  readonly state: EventState | undefined;
  readonly onChanged: () => Promise<void>;
}

/** More are not counted, or counting would take longer than what it is for. */
const mostCounted = 1000;

interface Doomed {
  readonly state: EventState;
  /** How many there are, in words. */
  readonly words: string;
}

/** What one can do with all events of a state at once. */
export function EventActions({ name, state, onChanged }: EventActionsProps) {
  const [doomed, setDoomed] = useState<Doomed>();
  const chosen = state ?? 'dead';
  const retryAll = async () => {
    const retried = await repeated(async () => {
      const { data } = await retryEvents({ ...throwing, query: { function: name, state: 'dead' } });
      return { done: data.retried, more: data.more };
    });
    announce(retried === 0 ? 'No event is dead.' : `${counted(retried, 'event')} due again.`);
    await onChanged();
  };
  const ask = async () => {
    const { events, more } = await eventsOf(
      { name, state: chosen },
      mostCounted,
      new AbortController().signal,
    );
    if (events.length === 0) announce(`No event is ${chosen}.`);
    else setDoomed({ state: chosen, words: numberOf(events.length, more) });
  };
  return (
    <div class="row">
      {(chosen === 'dead' || chosen === 'failed') && (
        <Button onClick={announcing(retryAll)}>Retry all dead</Button>
      )}
      {chosen !== 'running' && <Button onClick={announcing(ask)}>Purge {chosen}…</Button>}
      {doomed && (
        <Confirm
          title={`Delete ${doomed.words} ${doomed.state} ${doomed.words === '1' ? 'event' : 'events'}?`}
          verb="Delete"
          onClose={() => {
            setDoomed(undefined);
          }}
          onConfirm={async () => {
            const deleted = await repeated(async () => {
              const query = { function: name, state: doomed.state };
              const { data } = await deleteEvents({ ...throwing, query });
              return { done: data.deleted, more: data.more };
            });
            announce(`${counted(deleted, 'event')} deleted.`);
            await onChanged();
          }}
        >
          <p>
            Their requests and results are gone with them, and nothing brings them back.{' '}
            {doomed.state !== 'succeeded' && 'What they were to do is not done.'}
          </p>
        </Confirm>
      )}
    </div>
  );
}

function numberOf(found: number, more: boolean): string {
  return more ? `more than ${count(found)}` : count(found);
}

/** The server does many in portions. */
async function repeated(
  portion: () => Promise<{ readonly done: number; readonly more: boolean }>,
): Promise<number> {
  let total = 0;
  for (;;) {
    const { done, more } = await portion();
    total += done;
    if (!more || done === 0) return total;
  }
}
