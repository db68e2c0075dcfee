import { type ServerEvent, ServerEventParser } from './server-events.js';

/** How a stream stands. */
export type FollowState =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'open' }
  /** The connection was lost; it is tried again. */
  | { readonly kind: 'waiting'; readonly ms: number }
  /** Nothing more comes: the server has said so, or refuses. */
  | { readonly kind: 'ended'; readonly reason: unknown };

export interface Follow {
  /** Asks for the stream, from after this event on where one is known. Rejects where no answer comes. */
  readonly open: (lastEventId: string | undefined, signal: AbortSignal) => Promise<Response>;
  /** Answers whether it was the last one. */
  readonly onEvent: (event: ServerEvent) => boolean;
  readonly onState: (state: FollowState) => void;
  /** Resolves after the pause, or when it is to end. */
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
  /** The reason, as it is shown, why the server refuses. */
  readonly refusal: (answer: Response) => Promise<unknown>;
}

const firstPauseMs = 500;
const longestPauseMs = 15_000;

/**
 * Follows a stream of events until it ends or `signal` says so. The generated client can follow too, but it tries for ever what
 * is refused, ends where a server only restarts, and loses the names of the events; an EventSource never says why
 * it was refused.
 */
export async function followEvents(follow: Follow, signal: AbortSignal): Promise<void> {
  let lastEventId: string | undefined;
  let pauseMs = firstPauseMs;
  const remember = (event: ServerEvent) => {
    if (event.id !== '') lastEventId = event.id;
    pauseMs = firstPauseMs;
    return follow.onEvent(event);
  };
  for (;;) {
    follow.onState({ kind: 'connecting' });
    const end = await once(follow, lastEventId, remember, signal);
    if (signal.aborted) return;
    if (end !== 'lost') {
      follow.onState({ kind: 'ended', reason: end.reason });
      return;
    }
    follow.onState({ kind: 'waiting', ms: pauseMs });
    await follow.pause(pauseMs, signal);
    pauseMs = Math.min(pauseMs * 2, longestPauseMs);
  }
}

type End = 'lost' | { readonly reason: unknown };

async function once(
  follow: Follow,
  lastEventId: string | undefined,
  onEvent: (event: ServerEvent) => boolean,
  signal: AbortSignal,
): Promise<End> {
  try {
    const answer = await follow.open(lastEventId, signal);
    if (!answer.ok || !answer.body) return await refused(answer, follow);
    follow.onState({ kind: 'open' });
    const parser = new ServerEventParser();
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      for (const event of parser.push(part.value)) {
        if (!onEvent(event)) continue;
        await reader.cancel();
        return { reason: undefined };
      }
    }
    return 'lost';
  } catch {
    return 'lost';
  }
}

/** Too many requests, and a server that starts or stops, are no refusal: they pass. */
async function refused(answer: Response, follow: Follow): Promise<End> {
  const passes = answer.status === 429 || answer.status >= 500;
  if (!passes) return { reason: await follow.refusal(answer) };
  await answer.body?.cancel();
  return 'lost';
}

/** Resolves after the time, or at once when it is to end. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done);
    if (signal.aborted) done();
  });
}
