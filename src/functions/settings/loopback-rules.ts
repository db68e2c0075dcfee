import { isLocalhost, isLoopback } from '../../common/network/host.js';
import type { EgressRule } from './egress-rule.js';

const webPorts = [80, 443];

/** Whether a rule is about the loopback and names no port of it, so that all it could lead to is the container itself. */
export function leadsInside(rule: EgressRule): boolean {
  return isOfLoopback(rule) && rule.ports === 'any';
}

/**
 * Loopback ports that a function's rules name, each with the host that it is to be asked for by. Inside a container
 * loopback is the container itself; a rule that names a port of it means the server's machine. A rule for every port names
 * none, or a function could not talk to itself any more. Of several rules for one port the first counts.
 */
export function loopbackHosts(rules: readonly EgressRule[]): Readonly<Record<string, string>> {
  const named = rules.filter(isOfLoopback).reverse();
  return Object.fromEntries(
    named.flatMap(({ host, ports }) => portsOf(ports).map((port) => [String(port), host])),
  );
}

function isOfLoopback({ kind, host }: EgressRule): boolean {
  return kind === 'host' && (isLoopback(host) || isLocalhost(host));
}

function portsOf(ports: EgressRule['ports']): readonly number[] {
  if (ports === 'any') return [];
  return ports === 'web' ? webPorts : [ports];
}
