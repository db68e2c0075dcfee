import type { DeployedFunction } from '../functions/function.js';
import { loopbackHosts, parseEgressRule } from '../functions/settings/egress-rule.js';
import type { LoadMessage } from '../ipc/protocol/messages.js';

/** What the worker needs to know of the function before any of its code runs; it keeps `maxResultBytes` itself. */
export function loadMessageFor(
  { name, version, settings }: DeployedFunction,
  secrets: LoadMessage['secrets'],
  maxResultBytes: number,
): LoadMessage {
  return {
    type: 'load',
    handler: settings.handler,
    environment: settings.environment,
    secrets,
    functionName: name,
    functionVersion: String(version.number),
    memoryLimitMiB: settings.memoryMiB,
    responseFormat: settings.responseFormat,
    maxResultBytes,
    hasEgress: settings.egress.length > 0,
    loopback: loopbackHosts(settings.egress.flatMap((text) => parseEgressRule(text) ?? [])),
  };
}
