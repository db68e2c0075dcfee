import type { IncomingMessage } from 'node:http';
import { DomainError } from '../errors/domain-error.js';

const noBody = Buffer.alloc(0);

/**
 * The whole body as bytes. Rejects with `PAYLOAD_TOO_LARGE` as soon as the declared or the received length passes
 * `limitBytes`, and with `CLIENT_CLOSED` when the client leaves before the end. What it did not read it leaves in the
 * request: whoever answers an error must discard it.
 */
export async function readRequestBody(request: IncomingMessage, limitBytes: number): Promise<Buffer> {
  const declared = request.headers['content-length'];
  if (declared === undefined && request.headers['transfer-encoding'] === undefined) return noBody;
  if (declared === '0') return noBody;
  if (Number(declared) > limitBytes) throw tooLarge(limitBytes);
  // A small body comes with its headers, and Node has it as soon as whoever handles the request waits for anything.
  await Promise.resolve();
  return takeWhole(request, declared) ?? receive(request, limitBytes);
}

/** The body where all of it is there already, without listeners for what can no longer happen. */
function takeWhole(request: IncomingMessage, declared: string | undefined): Buffer | undefined {
  if (request.readableLength !== Number(declared)) return undefined;
  const body = request.read() as Buffer | null;
  // Lets the stream come to its end, which Node waits for.
  request.resume();
  return body ?? undefined;
}

function receive(request: IncomingMessage, limitBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let receivedBytes = 0;
    const onData = (chunk: Buffer) => {
      receivedBytes += chunk.length;
      if (receivedBytes > limitBytes) fail(tooLarge(limitBytes));
      else chunks.push(chunk);
    };
    const onEnd = () => {
      settle();
      // Nearly every body arrives in one piece, which then needs no copy.
      resolve(chunks.length === 1 ? (chunks[0] ?? noBody) : Buffer.concat(chunks, receivedBytes));
    };
    const onLeave = (cause?: Error) => {
      fail(
        new DomainError('CLIENT_CLOSED', 'The client left before its request was complete.', {}, { cause }),
      );
    };
    const settle = () => {
      request.off('data', onData).off('end', onEnd).off('close', onLeave);
    };
    const fail = (error: DomainError) => {
      settle();
      request.pause();
      reject(error);
    };
    // The listener for errors stays: one that comes late must not end the process.
    request.on('data', onData).on('end', onEnd).on('close', onLeave).on('error', onLeave);
  });
}

function tooLarge(limitBytes: number): DomainError {
  return new DomainError(
    'PAYLOAD_TOO_LARGE',
    `The request's body may have at most ${limitBytes} bytes; send less.`,
  );
}
