import type { WayOut } from './destination.js';
import { proxyChildren } from './proxy-children.js';
import { routeConnections } from './route-connections.js';
import { addressesFromGate, patchLookup } from './route-lookups.js';
import { patchRecords, recordsFromGate } from './route-records.js';

/** For a function that may connect to something: its own connections, its lookups, and its child processes. */
export function openWayOut({ gatePath, loopback }: WayOut): void {
  routeConnections(gatePath, loopback);
  patchLookup(addressesFromGate(gatePath));
  patchRecords(recordsFromGate(gatePath));
  proxyChildren(gatePath);
}
