import { serverPrefix } from '../routes.js';
import { noticeRefusal } from './client.js';
import { followEvents, type FollowState, pause } from './follow-events.js';
import { errorOf } from './problem.js';

export interface Listener {
  /** By the name of the event; what they get is its JSON. */
  readonly on: Readonly<Record<string, (data: unknown) => void>>;
  /** Whether the server sends nothing more after this event. */
  readonly isLast: (name: string, data: unknown) => boolean;
  readonly onState: (state: FollowState) => void;
}

/** Follows server-sent events; after a lost connection it goes on where it was. What it returns ends it. */
export function follow(path: string, { on, isLast, onState }: Listener): () => void {
  const stop = new AbortController();
  const following = followEvents(
    {
      open: (lastEventId, signal) => opened(path, lastEventId, signal),
      onEvent: ({ name, data }) => {
        const value: unknown = JSON.parse(data);
        on[name]?.(value);
        return isLast(name, value);
      },
      onState,
      pause,
      refusal,
    },
    stop.signal,
  );
  void following;
  return () => {
    stop.abort();
  };
}

function opened(path: string, lastEventId: string | undefined, signal: AbortSignal): Promise<Response> {
  const headers = {
    accept: 'text/event-stream',
    ...(lastEventId !== undefined && { 'last-event-id': lastEventId }),
  };
  return fetch(serverPrefix + path, { headers, cache: 'no-store', signal });
}

async function refusal(answer: Response): Promise<string> {
  const body: unknown = await answer.json().catch(() => undefined);
  noticeRefusal(answer.status, body);
  return errorOf(body, answer.status).message;
}
