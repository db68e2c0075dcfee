import dns from 'node:dns';
import { Socket } from 'node:net';
import type { ConnectOptions, Destination, LoopbackHosts } from './destination.js';
import { type OpenableSocket, patchConnect } from './patch-connect.js';
import { askProxy, type Granted } from './proxy-client.js';

type Reinitialize = (this: Socket, handle: unknown) => void;

interface Adopter extends OpenableSocket {
  _peername: { address: string; family: string; port: number } | null;
}

/**
 * Node's own way to give a connecting socket another connection than the one it started with, which it needs for names
 * with several addresses. For a TLS socket it puts the encryption around the new connection as well.
 */
const reinitializeHandle = Object.getOwnPropertySymbols(Socket.prototype).find(
  ({ description }) => description === 'kReinitializeHandle',
);

/** Makes `socket` the owner of a granted connection: from here on its bytes flow as in any other socket. */
function adoptConnection(socket: OpenableSocket, granted: Granted, port: number): void {
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
  // It would forget that the program has already called `socket.end()`, before the connection was open.
  Object.defineProperty(to, '_undestroy', { value: () => undefined, configurable: true });
  const give = (to as unknown as Record<symbol, Reinitialize>)[reinitializeHandle];
  give?.call(to, handle);
  Reflect.deleteProperty(to, '_undestroy');
}

/** Passes on bytes that came with the answer. An encrypted connection takes them where it takes all others. */
function deliver(to: Adopter, bytes: Buffer): void {
  if (to.destroyed) return;
  const handle = to._handle as { receive?: (bytes: Buffer) => void } | null;
  if ('encrypted' in to && handle?.receive) handle.receive(bytes);
  else to.push(bytes);
}

/** Routes every connection that leaves the container through the egress proxy at `proxyPath`. */
export function routeConnections(gatePath: string, loopback: LoopbackHosts): void {
  patchConnect((socket, destination, options) => {
    const { lookup } = options;
    const isUsual = lookup === undefined || (lookup as unknown) === dns.lookup;
    if (isUsual || loopback[String(destination.port)] === destination.host)
      route(gatePath, socket, destination);
    else
      lookUpFirst(socket, destination, options, (found) => {
        route(gatePath, socket, found);
      });
  }, loopback);
}

function route(gatePath: string, socket: OpenableSocket, destination: Destination): void {
  const giveUp = askProxy(
    gatePath,
    { kind: 'connect', ...destination },
    {
      onGranted: (granted) => {
        socket.off('close', giveUp);
        adoptConnection(socket, granted, destination.port);
      },
      onRefused: (error) => {
        socket.off('close', giveUp);
        socket.destroy(error);
      },
    },
  );
  socket.once('close', giveUp);
}

/** A program with its own `lookup` decides where it connects: the host then sees that address. */
function lookUpFirst(
  socket: OpenableSocket,
  { host, port }: Destination,
  { lookup, family, hints }: ConnectOptions,
  then: (destination: Destination) => void,
): void {
  const wanted = {
    all: true,
    ...(family !== undefined && { family }),
    ...(hints !== undefined && { hints }),
  } as const;
  lookup?.(host, wanted, (error, found) => {
    if (socket.destroyed) return;
    const address = typeof found === 'string' ? found : found?.[0]?.address;
    if (error ?? address === undefined)
      socket.destroy(error ?? new Error(`The lookup of ${host} found nothing.`));
    else then({ host: address, port });
  });
}
