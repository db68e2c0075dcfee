import { serverPrefix } from '../routes.js';
import { refreshSession } from './session.js';

/** `connecting` also while the browser tries again by itself; `closed` for good: refused, ended, or stopped. */
export type StreamState = 'connecting' | 'open' | 'closed';

export interface Listener {
  /** By the name of the event; what they get is its JSON. */
  readonly on: Readonly<Record<string, (data: unknown, id: string) => void>>;
  /** The event after which the server sends nothing more. */
  readonly end?: string;
  readonly onState?: (state: StreamState) => void;
}

/** Follows server-sent events; after a lost connection the browser goes on where it was. What it returns ends it. */
export function follow(path: string, { on, end, onState }: Listener): () => void {
  const source = new EventSource(serverPrefix + path);
  const close = () => {
    source.close();
    onState?.('closed');
  };
  onState?.('connecting');
  source.addEventListener('open', () => onState?.('open'));
  source.addEventListener('error', () => {
    onState?.(source.readyState === EventSource.CLOSED ? 'closed' : 'connecting');
    // The browser does not say why; a session that has ended is the likely reason.
    if (source.readyState === EventSource.CLOSED) refreshSession().catch(() => undefined);
  });
  for (const [name, hear] of Object.entries(on))
    source.addEventListener(name, ({ data, lastEventId }: MessageEvent<string>) => {
      hear(JSON.parse(data), lastEventId);
      if (name === end) close();
    });
  return () => {
    source.close();
  };
}
