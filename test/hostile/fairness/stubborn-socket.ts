import { connect, type Socket } from 'node:net';
import { untilOver } from './attack.js';

/** Opens connections that say this and then neither read nor close their side, and holds them until the round is over. */
export async function holdStubborn(
  over: AbortSignal,
  port: number,
  count: number,
  said: (number: number) => string,
): Promise<void> {
  const sockets = Array.from({ length: count }, (_, number) => stubborn(port, said(number)));
  await untilOver(over);
  for (const socket of sockets) socket.destroy();
}

function stubborn(port: number, said: string): Socket {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  socket.on('error', () => undefined).pause();
  socket.write(said);
  return socket;
}
