import { endingFunctions } from './endings.js';
import { escapingFunctions } from './escapes.js';
import type { HostileFunction } from './hostile-function.js';
import { protocolFunctions } from './protocol.js';
import { greedyFunctions } from './resources.js';

export const hostileFunctions: readonly HostileFunction[] = [
  ...greedyFunctions,
  ...endingFunctions,
  ...protocolFunctions,
  ...escapingFunctions,
];
