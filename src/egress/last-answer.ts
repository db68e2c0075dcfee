import type { Socket } from 'node:net';
import type { Clock } from '../common/time/clock.js';
import { encodeEgressAnswer, type EgressAnswer } from '../ipc/protocol/egress.js';

/** How long a container may take to read a last answer and close. */
const lingerMs = 1000;
/** What it may have sent behind its request, and loses. */
const maxDroppedBytes = 64 * 1024;
/** In so many pieces: what is left stays in the system's buffer. */
const maxDroppedPieces = 16;

/**
 * Answers and ends. A connection that is closed with bytes unread breaks under whoever is still writing, before they have
 * read why: so what they send is taken, up to a limit, until they close or the time is over.
 */
export function giveLastAnswer(client: Socket, answer: EgressAnswer, clock: Clock): void {
  if (client.destroyed) return;
  let droppedBytes = 0;
  let droppedPieces = 0;
  const cancelLinger = clock.schedule(lingerMs, () => {
    client.destroy();
  });
  client.once('close', cancelLinger);
  client.once('end', () => {
    client.destroySoon();
  });
  client.on('data', (chunk: Buffer) => {
    droppedBytes += chunk.length;
    droppedPieces += 1;
    if (droppedBytes > maxDroppedBytes || droppedPieces >= maxDroppedPieces) client.pause();
  });
  client.end(encodeEgressAnswer(answer));
  if (client.readableEnded) client.destroySoon();
  else client.resume();
}
