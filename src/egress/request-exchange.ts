import type { Socket } from 'node:net';
import type { Clock } from '../common/time/clock.js';
import {
  type EgressAnswer,
  type EgressRequest,
  encodeEgressAnswer,
  maxEgressRequestBytes,
  parseEgressRequest,
} from '../ipc/protocol/egress.js';
import { type EgressRefusal, refusals } from './egress-refusal.js';

const lineEnd = 0x0a;

/** A client knows what it wants when it connects, and nothing limits connections that have not said it. */
const requestTimeoutMs = 1000;

/** A line sent byte by byte would be three hundred times the work of one chunk. */
const maxChunks = 16;

export interface RequestListener {
  onRequest(request: EgressRequest): void;
  onInvalid(refusal: EgressRefusal): void;
}

/**
 * Reads the first line of a container's connection, which is then paused; what follows the line stays in it. One of the
 * listener's methods is called once, unless the connection closes first.
 */
export function readRequest(client: Socket, clock: Clock, listener: RequestListener): void {
  let received = Buffer.alloc(0);
  let chunks = 0;
  let isSettled = false;
  const settle = () => {
    isSettled = true;
    cancelTimer();
    client.off('data', onData).off('end', onEnd).off('close', settle).pause();
  };
  const refuse = (refusal: EgressRefusal) => {
    settle();
    listener.onInvalid(refusal);
  };
  const onEnd = () => {
    refuse(refusals.invalid());
  };
  const onData = (chunk: Buffer) => {
    received = Buffer.concat([received, chunk]);
    chunks += 1;
    const end = received.subarray(0, maxEgressRequestBytes).indexOf(lineEnd);
    if (end < 0 && received.length < maxEgressRequestBytes && chunks < maxChunks) return;
    if (end < 0) {
      refuse(refusals.longRequest(maxEgressRequestBytes, maxChunks));
      return;
    }
    const request = parseEgressRequest(received.toString('latin1', 0, end));
    if (!request) {
      refuse(refusals.invalid());
      return;
    }
    settle();
    const rest = received.subarray(end + 1);
    if (rest.length > 0) client.unshift(rest);
    listener.onRequest(request);
  };
  const cancelTimer = clock.schedule(requestTimeoutMs, () => {
    // What came while this process was busy is read first.
    setImmediate(() => {
      if (!isSettled) refuse(refusals.silence(requestTimeoutMs));
    });
  });
  client.on('data', onData).once('end', onEnd).once('close', settle);
}

/** How long a container may take to read a last answer and close. */
const lingerMs = 1000;
/** What it may have sent after its request, which is dropped. */
const maxDroppedBytes = 64 * 1024;
/** In so many chunks; the rest stays in the system's buffer. */
const maxDroppedChunks = 16;

/**
 * Answers and ends. A connection that closes with unread bytes breaks for a client that still writes, before it has read
 * the answer: so what it sends is taken, up to a limit, until it closes or the time is over.
 */
export function sendLastAnswer(client: Socket, answer: EgressAnswer, clock: Clock): void {
  if (client.destroyed) return;
  let droppedBytes = 0;
  let droppedChunks = 0;
  const cancelLinger = clock.schedule(lingerMs, () => {
    client.destroy();
  });
  client.once('close', cancelLinger);
  client.once('end', () => {
    client.destroySoon();
  });
  client.on('data', (chunk: Buffer) => {
    droppedBytes += chunk.length;
    droppedChunks += 1;
    if (droppedBytes > maxDroppedBytes || droppedChunks >= maxDroppedChunks) client.pause();
  });
  client.end(encodeEgressAnswer(answer));
  if (client.readableEnded) client.destroySoon();
  else client.resume();
}
