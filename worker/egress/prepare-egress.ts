import { syncBuiltinESMExports } from 'node:module';
import { refuseOutside } from './refuse-outside.js';

/**
 * Before any of the function's code runs: what it finds when it wants to go outside. `gatePath` is the host's socket for
 * that; undefined when the function's allow-list is empty. What routes connections is loaded only for those who may.
 */
export async function prepareEgress(gatePath: string | undefined): Promise<void> {
  if (gatePath === undefined) refuseOutside();
  else (await import('./open-way-out.js')).openWayOut(gatePath);
  // So that `import { lookup } from 'node:dns'` gives the same function as `dns.lookup`.
  syncBuiltinESMExports();
}
