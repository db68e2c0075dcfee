import type { Socket } from 'node:net';
import type { Clock } from '../common/time/clock.js';
import { maxEgressRequestBytes, parseEgressRequest, type EgressRequest } from '../ipc/protocol/egress.js';
import { refusals, type EgressRefusal } from './egress-refusal.js';

const lineEnd = 0x0a;

/** Whoever connects knows what for; nothing else is held for a connection that has not said it. */
const requestTimeoutMs = 1000;

/** A line byte by byte would be three hundred times the work of one. */
const maxPieces = 16;

export interface RequestListener {
  onRequest(request: EgressRequest): void;
  onNone(refusal: EgressRefusal): void;
}

/**
 * Reads the first line of a container's connection, which is paused then; what follows the line stays in it. One of the
 * listener's methods is called, once, unless the connection closes before.
 */
export function readRequest(client: Socket, clock: Clock, listener: RequestListener): void {
  let received = Buffer.alloc(0);
  let pieces = 0;
  let isSettled = false;
  const settle = () => {
    isSettled = true;
    cancelTimer();
    client.off('data', onData).off('end', onEnd).off('close', settle).pause();
  };
  const refuse = (refusal: EgressRefusal) => {
    settle();
    listener.onNone(refusal);
  };
  const onEnd = () => {
    refuse(refusals.invalid());
  };
  const onData = (chunk: Buffer) => {
    received = Buffer.concat([received, chunk]);
    pieces += 1;
    const end = received.subarray(0, maxEgressRequestBytes).indexOf(lineEnd);
    if (end < 0 && received.length < maxEgressRequestBytes && pieces < maxPieces) return;
    if (end < 0) {
      refuse(refusals.longRequest(maxEgressRequestBytes, maxPieces));
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
    // What has come while this process was busy is read first.
    setImmediate(() => {
      if (!isSettled) refuse(refusals.silence(requestTimeoutMs));
    });
  });
  client.on('data', onData).once('end', onEnd).once('close', settle);
}
