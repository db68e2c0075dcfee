import { asciiHost } from './destination.js';
import { nowhereError, noRecordsError } from './egress-error.js';
import { patchConnect } from './patch-connect.js';
import { patchLookup } from './route-lookups.js';
import { patchRecords } from './route-records.js';

/** For a function with an empty allow-list: nothing listens for it outside, and it is told so in words. */
export function refuseOutside(): void {
  patchConnect((socket, { host, port }) => {
    process.nextTick(() => socket.destroy(nowhereError({ syscall: 'connect', host, port })));
  });
  patchLookup((host, found) => {
    process.nextTick(found, nowhereError({ syscall: 'getaddrinfo', host: asciiHost(host) }));
  });
  patchRecords((type, name, found) => {
    process.nextTick(found, noRecordsError(type, name));
    return () => undefined;
  });
}
