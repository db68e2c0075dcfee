import dns from 'node:dns';
import { adoptConnection } from './adopt-connection.js';
import type { ConnectOptions, Destination, LoopbackHosts } from './destination.js';
import { askGate } from './gate-client.js';
import { patchConnect, type OpenableSocket } from './patch-connect.js';

/** Leads every connection that leaves the container through the host's socket at `gatePath`. */
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
  const giveUp = askGate(
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

/** A program that brings its own `lookup` has said where it wants to go: the host then sees that address. */
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
