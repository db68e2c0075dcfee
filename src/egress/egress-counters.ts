import { egressCodes, type EgressCode } from '../ipc/protocol/egress.js';
import { egressLimits, type EgressLimit } from './egress-refusal.js';

/** Sums since the start, over all containers; `sockets` and `open` are now. For metrics and tests. */
export class EgressCounters {
  /** Connections that containers have to their egress sockets, whatever they are at. */
  sockets = 0;
  /** What has been asked for and is being looked up, connected or carried. */
  open = 0;
  opened = 0;
  bytesOut = 0;
  bytesIn = 0;
  /** By code: what was asked for and not had, for whatever reason. */
  readonly refused = countsOf<EgressCode>(egressCodes);
  /** Of these the ones that a limit refused. */
  readonly limited = countsOf<EgressLimit>(egressLimits);
}

function countsOf<Key extends string>(keys: readonly Key[]): Record<Key, number> {
  return Object.fromEntries(keys.map((key) => [key, 0])) as Record<Key, number>;
}
