import { encodeFrame } from '../src/ipc/protocol/frame.js';
import type { HttpPresentation, InvokeMessage, LoadMessage } from '../src/ipc/protocol/messages.js';
import { callHandler } from './call-handler.js';
import { createContext } from './context.js';
import { createEvent, type FunctionEvent } from './event.js';
import { bytesFrom, stringify } from './primordials.js';
import { renderResponse } from './response.js';

const settings: LoadMessage = {
  type: 'load',
  handler: 'index.handler',
  environment: {},
  secrets: {},
  functionName: 'warm-up',
  functionVersion: '1',
  memoryLimitMiB: 128,
  responseFormat: 'simple',
  maxResultBytes: 1024,
};

const request: HttpPresentation = {
  kind: 'http',
  method: 'POST',
  rawPath: '/',
  rawQueryString: 'a=1',
  headers: { host: 'localhost', cookie: 'a=1', 'content-type': 'application/json' },
  protocol: 'HTTP/1.1',
  sourceIp: '127.0.0.1',
};

const message: InvokeMessage = {
  type: 'invoke',
  invocationId: 'warm-up',
  remainingMs: 1000,
  traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00',
  timeEpoch: 0,
  presentation: request,
};

/** Nothing waits during the warm-up. */
const connection = { ref: () => undefined, unref: () => undefined };

/** Enough for V8 to compile the path and see its types; more does not make the first call faster. */
const rounds = 8;

/**
 * Runs calls through the whole path of a real one, except for the socket, before the first real one comes: a fresh
 * container serves exactly one call, and code that runs for the first time takes some milliseconds. No code of the
 * function takes part.
 */
export async function warmUpJit(): Promise<void> {
  const body = bytesFrom('{"name":"warm-up"}', 'utf8');
  for (let round = 0; round < rounds; round += 1) {
    const received = JSON.parse(bytesFrom(stringify(message), 'utf8').toString('utf8')) as InvokeMessage;
    const event = createEvent(settings.functionName, received, request, body);
    const returned = await callHandler(echo, event, createContext(settings, received), connection);
    const rendered = await renderResponse(returned, settings);
    if (rendered.kind === 'response') encodeFrame(stringify(rendered.headers), rendered.body);
  }
}

async function echo(event: unknown): Promise<unknown> {
  const body = await (event as FunctionEvent).json();
  return { statusCode: 200, headers: { 'content-type': 'application/json' }, body };
}
