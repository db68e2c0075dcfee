import { Socket } from 'node:net';
import type { Granted } from './gate-client.js';
import type { OpenableSocket } from './patch-connect.js';

type Reinitialize = (this: Socket, handle: unknown) => void;

interface Adopter extends OpenableSocket {
  _peername: { address: string; family: string; port: number } | null;
}

/**
 * Node's own way to give a socket that is connecting another connection than the one it began with: it needs that where
 * a name has several addresses. For a TLS socket it puts the encryption around the new connection as well.
 */
const reinitializeHandle = Object.getOwnPropertySymbols(Socket.prototype).find(
  ({ description }) => description === 'kReinitializeHandle',
);

/** Makes `socket` the owner of a granted connection: from here on bytes take the same way as in any other socket. */
export function adoptConnection(socket: OpenableSocket, granted: Granted, port: number): void {
  const adopter = socket as Adopter;
  const handle = takeHandle(granted.socket as OpenableSocket);
  giveHandle(adopter, handle);
  const [address = ''] = granted.addresses;
  adopter._peername = { address, family: address.includes(':') ? 'IPv6' : 'IPv4', port };
  adopter.connecting = false;
  adopter.emit('connect');
  adopter.emit('ready');
  if (granted.rest.length > 0) deliver(adopter, granted.rest);
  if (!adopter.destroyed && adopter.readable && !adopter.isPaused()) adopter.read(0);
}

function takeHandle(from: OpenableSocket): unknown {
  const handle = from._handle;
  from._handle = null;
  return handle;
}

function giveHandle(to: Adopter, handle: unknown): void {
  if (!reinitializeHandle) throw new Error('This version of Node.js cannot take over a connection.');
  // It would forget that the program has already said its last word (`socket.end()` before the connection stands).
  Object.defineProperty(to, '_undestroy', { value: () => undefined, configurable: true });
  const give = (to as unknown as Record<symbol, Reinitialize>)[reinitializeHandle];
  give?.call(to, handle);
  Reflect.deleteProperty(to, '_undestroy');
}

/** Bytes that were read along with the answer. An encrypted connection takes them where it takes all others. */
function deliver(to: Adopter, bytes: Buffer): void {
  if (to.destroyed) return;
  const handle = to._handle as { receive?: (bytes: Buffer) => void } | null;
  if ('encrypted' in to && handle?.receive) handle.receive(bytes);
  else to.push(bytes);
}
