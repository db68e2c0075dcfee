import { syncBuiltinESMExports } from 'node:module';
import os from 'node:os';
import { asciiHost, type EgressRoute } from './destination.js';
import { noRecordsError, notAllowedError } from './egress-error.js';
import { patchConnect } from './patch-connect.js';
import { addressesFromProxy, patchLookup } from './route-lookups.js';
import { patchRecords, recordsFromProxy } from './route-records.js';

/**
 * Sets up, before any of the function's code runs, what the code meets when it connects to the outside. Without a `route`
 * its allow-list is empty. What routes connections is loaded only for functions that may connect to something.
 */
export async function prepareEgress(route: EgressRoute | undefined): Promise<void> {
  if (route) await routeOutside(route);
  else refuseOutside();
  nameOwnCards();
  // So that `import { lookup } from 'node:dns'` gives the same function as `dns.lookup`.
  syncBuiltinESMExports();
}

/** For a function that may connect to something: its own connections, its lookups, and its child processes. */
async function routeOutside({ proxyPath, loopback }: EgressRoute): Promise<void> {
  const { routeConnections } = await import('./route-connections.js');
  const { proxyChildren } = await import('./proxy-children.js');
  routeConnections(proxyPath, loopback);
  patchLookup(addressesFromProxy(proxyPath));
  patchRecords(recordsFromProxy(proxyPath));
  proxyChildren(proxyPath);
}

/** For a function with an empty allow-list: nobody listens, so every attempt fails with an error that says why. */
function refuseOutside(): void {
  patchConnect((socket, { host, port }) => {
    process.nextTick(() => socket.destroy(notAllowedError({ syscall: 'connect', host, port })));
  });
  patchLookup((host, found) => {
    process.nextTick(found, notAllowedError({ syscall: 'getaddrinfo', host: asciiHost(host) }));
  });
  patchRecords((type, name, found) => {
    process.nextTick(found, noRecordsError(type, name));
    return () => undefined;
  });
}

const loopback = [
  {
    address: '127.0.0.1',
    netmask: '255.0.0.0',
    family: 'IPv4',
    mac: '00:00:00:00:00:00',
    internal: true,
    cidr: '127.0.0.1/8',
  },
] as const;

/**
 * What `os.networkInterfaces()` returns: the one card that every container has. Node would ask the kernel over a netlink
 * socket, and the buffer of one is memory that no limit of a container counts, so there are none.
 */
function nameOwnCards(): void {
  const networkInterfaces = () => ({ lo: loopback.map((address) => ({ ...address })) });
  Object.assign(os, { networkInterfaces });
}
