import { syncBuiltinESMExports } from 'node:module';
import { nameOwnCards } from '../network-cards.js';
import type { WayOut } from './destination.js';
import { refuseOutside } from './refuse-outside.js';

/**
 * Before any of the function's code runs: what it finds when it wants to go outside, and which cards it has to do so;
 * undefined when its allow-list is empty. What routes connections is loaded only for those who may.
 */
export async function prepareEgress(wayOut: WayOut | undefined): Promise<void> {
  if (!wayOut) refuseOutside();
  else (await import('./open-way-out.js')).openWayOut(wayOut);
  nameOwnCards();
  // So that `import { lookup } from 'node:dns'` gives the same function as `dns.lookup`.
  syncBuiltinESMExports();
}
