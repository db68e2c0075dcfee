import { deleteEvent, type EventResponse, getEvent, retryEvent } from '@glambdar/client';
import { useRef, useState } from 'preact/hooks';
import { throwing } from '../../../api/client.js';
import { may } from '../../../api/may.js';
import { usePolled } from '../../../api/use-polled.js';
import { Button } from '../../../parts/button.js';
import { Dialog } from '../../../parts/dialog.js';
import { Loaded } from '../../../parts/loaded.js';
import { announce, announcing } from '../../../parts/toast.js';
import { InvocationDialog } from '../invocations/invocation-dialog.js';
import { EventDetails } from './event-details.js';
import { isRunning } from './event-state.js';

const refreshMs = 2000;

export interface EventDialogProps {
  readonly id: string;
  /** The list is another one now. */
  readonly onChanged: () => void;
  readonly onClose: () => void;
}

/** One event: what came of it so far, and what one can do about it. */
export function EventDialog({ id, onChanged, onClose }: EventDialogProps) {
  const ended = useRef<EventResponse | undefined>(undefined);
  const [call, setCall] = useState<string>();
  const load = async (signal: AbortSignal) => {
    // What has ended stays as it is until somebody has it retried.
    if (ended.current) return ended.current;
    const { data } = await getEvent({ ...throwing, path: { id }, signal });
    if (data.endedAt !== null) ended.current = data;
    return data;
  };
  const event = usePolled(load, refreshMs, [id]);
  const retry = async () => {
    await retryEvent({ ...throwing, path: { id } });
    ended.current = undefined;
    announce('The event is due again.');
    onChanged();
    await event.reload();
  };
  const remove = async () => {
    await deleteEvent({ ...throwing, path: { id } });
    announce('The event is deleted.');
    onChanged();
    onClose();
  };
  return (
    <Dialog title={`Event ${id.slice(-12)}`} isWide onClose={onClose}>
      <Loaded from={event} what="the event">
        {(known) => (
          <>
            <EventDetails event={known} onOpenCall={may('logs:read', known.function) ? setCall : undefined} />
            {may('functions:invoke', known.function) && (
              <div class="dialog-foot">
                <Button look="danger" disabled={isRunning(known)} onClick={announcing(remove)}>
                  Delete
                </Button>
                <Button
                  disabled={isRunning(known) || known.state === 'succeeded'}
                  onClick={announcing(retry)}
                >
                  Retry now
                </Button>
              </div>
            )}
            {call !== undefined && (
              <InvocationDialog
                name={known.function}
                id={call}
                onClose={() => {
                  setCall(undefined);
                }}
              />
            )}
          </>
        )}
      </Loaded>
    </Dialog>
  );
}
