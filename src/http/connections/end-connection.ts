import type { Duplex } from 'node:stream';

/**
 * How long a client may take to close its side after its last answer. What its request holds is held until then, for
 * nothing tells whoever reads its body before.
 */
const closeWithinMs = 1000;

/**
 * Sends the last answer and closes. A server's connections may be half open, so without the deadline a client that
 * never closes its own side would keep its place for as long as it likes.
 */
export function endConnection(socket: Duplex, answer: string): void {
  socket.on('error', () => undefined);
  const timer = setTimeout(() => {
    socket.destroy();
  }, closeWithinMs).unref();
  socket.once('close', () => {
    clearTimeout(timer);
  });
  socket.end(answer);
}
