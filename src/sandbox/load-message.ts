import type { DeployedFunction } from '../functions/function.js';
import type { LoadMessage } from '../ipc/protocol/messages.js';

const maxResultBytes = 6 * 1024 * 1024;

/** What the worker needs to know of the function before any of its code runs. */
export function loadMessageFor(deployed: DeployedFunction, memoryLimitMiB: number): LoadMessage {
  return {
    type: 'load',
    handler: 'index.handler',
    environment: {},
    secrets: {},
    functionName: deployed.name,
    functionVersion: String(deployed.version.number),
    memoryLimitMiB,
    responseFormat: 'seed',
    maxResultBytes,
  };
}
