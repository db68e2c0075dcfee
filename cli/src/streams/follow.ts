import { ServerRefusal } from '../api/problem.js';
import type { Server } from '../api/server.js';
import { Interrupted } from '../errors/command-error.js';
import type { Host } from '../host.js';
import { EventParser, type ServerEvent } from './event-parser.js';

const firstWaitMs = 250;
const longestWaitMs = 10_000;

/**
 * The events of a stream, without end: when it ends, or its connection is lost, it is asked for again and goes on after
 * the last event that arrived. Whoever knows which event is the last one stops there. What the server refuses is not
 * asked for again, nor is a server that has never answered.
 */
export async function* follow(
  server: Server,
  { wait, interrupted }: Pick<Host, 'wait' | 'interrupted'>,
  path: string,
  remark: (text: string) => void,
): AsyncGenerator<ServerEvent, never, undefined> {
  let lastId: string | undefined;
  let hasConnected = false;
  let isLost = false;
  for (let waitMs = firstWaitMs; ; waitMs = Math.min(longestWaitMs, waitMs * 2)) {
    try {
      const response = await connect(server, path, lastId);
      if (isLost) remark('Connected again.');
      [hasConnected, isLost, waitMs] = [true, false, firstWaitMs];
      for await (const event of eventsOf(response)) {
        lastId = event.id;
        yield event;
      }
    } catch (error) {
      if (interrupted.aborted) throw new Interrupted();
      if (!hasConnected || (error instanceof ServerRefusal && !isPassing(error))) throw error;
      if (!isLost) remark(`The connection to ${server.target.url} is lost. Trying again…`);
      isLost = true;
    }
    await wait(waitMs);
  }
}

async function connect(server: Server, path: string, lastId: string | undefined): Promise<Response> {
  const headers = {
    accept: 'text/event-stream',
    ...(lastId === undefined ? {} : { 'last-event-id': lastId }),
  };
  return server.accepted(await server.fetch(path, { headers }));
}

async function* eventsOf({ body }: Response): AsyncGenerator<ServerEvent, void, undefined> {
  if (body === null) return;
  const parser = new EventParser();
  const decoder = new TextDecoder();
  for await (const chunk of body) yield* parser.push(decoder.decode(chunk as Uint8Array, { stream: true }));
}

/** A server that starts, stops or has too much to do. */
function isPassing({ status }: ServerRefusal): boolean {
  return status === 429 || status >= 500;
}
