import { everyFunction, reachOf, type FunctionReach } from '../../common/auth/function-reach.js';
import type { ApiKey } from './api-key.js';

/** A key as it is held in memory, with what every call asks of it prepared. */
export interface HeldKey {
  readonly key: ApiKey;
  readonly reach: FunctionReach;
}

export function holdKey(key: ApiKey): HeldKey {
  return { key, reach: key.functions === null ? everyFunction : reachOf(key.functions) };
}
