import type { DeployedFunction } from '../functions/function.js';
import type { LoadMessage } from '../ipc/protocol/messages.js';

/** The server's limits that the worker tells the function of, or keeps itself. */
export type LoadLimits = Pick<LoadMessage, 'memoryLimitMiB' | 'maxResultBytes'>;

/** What the worker needs to know of the function before any of its code runs. */
export function loadMessageFor(deployed: DeployedFunction, limits: LoadLimits): LoadMessage {
  return {
    type: 'load',
    handler: 'index.handler',
    environment: {},
    secrets: {},
    functionName: deployed.name,
    functionVersion: String(deployed.version.number),
    responseFormat: 'seed',
    ...limits,
  };
}
