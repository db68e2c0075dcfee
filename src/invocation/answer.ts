import type { ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import type { StreamedResult, WorkerResult } from '../ipc/worker-session.js';
import { serverTiming, type CallPhases } from './call.js';

/** Sends an answer that is all there. */
export function answerWhole(response: ServerResponse, result: WorkerResult, phases: CallPhases): void {
  begin(response, result, phases);
  if (response.req.method === 'HEAD') setLengthOfGet(response, result);
  endWith(response, result.body);
}

/**
 * Sends the head of a streamed answer at once and its body as it comes, no faster than the client reads; `phases` ends
 * at the first byte, for nothing can be added to a head that was sent. Resolves when all is handed over. Where the body
 * fails, or the client leaves, it rejects and the connection is closed: nothing else tells a client that half an answer
 * is not the whole.
 */
export function answerInPieces(
  response: ServerResponse,
  result: StreamedResult,
  phases: CallPhases,
): Promise<void> {
  begin(response, result, phases);
  response.flushHeaders();
  return pipeline(result.stream, response);
}

/**
 * To HEAD Node sends no body and so knows no length. It is that of the answer to GET: of the body that a function
 * returned all the same, or what one that minds the method says it would be; unknown where it says nothing.
 */
function setLengthOfGet(response: ServerResponse, { body, claimedBytes }: WorkerResult): void {
  const bytes = body.length > 0 ? body.length : claimedBytes;
  if (bytes !== undefined) response.setHeader('Content-Length', bytes);
}

/** Up to this size a body is one string with the headers, and so one plain write; above it copying costs more. */
const joinedBodyBytes = 16 * 1024;

/** Latin-1 has one character for each byte: the bytes leave as they came. */
function endWith(response: ServerResponse, body: Buffer): void {
  if (body.length <= joinedBodyBytes) response.end(body.toString('latin1'), 'latin1');
  else response.end(body);
}

function begin(response: ServerResponse, result: WorkerResult, phases: CallPhases): void {
  response.setHeader('X-Content-Type-Options', 'nosniff');
  response.setHeader('Server-Timing', serverTiming(phases));
  for (const [name, value] of Object.entries(result.headers)) response.setHeader(name, value);
  response.statusCode = result.statusCode;
}
