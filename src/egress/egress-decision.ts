import { type Host, isLocalhost, loopbackAddresses, parseHost } from '../common/network/host.js';
import type { EgressRequest, RecordsRequest } from '../ipc/protocol/egress.js';
import type { AddressPolicy } from './address-policy.js';
import type { AllowList, Permission } from './allow-list.js';
import { refusals } from './egress-refusal.js';
import type { NameResolver } from './name-resolver.js';
import type { ResolvedNames } from './resolved-names.js';

export interface DecisionParts {
  readonly allowList: AllowList;
  readonly policy: AddressPolicy;
  readonly resolver: NameResolver;
  readonly resolved: ResolvedNames;
}

/**
 * The addresses that a request may have; a connection goes to one of these and no other. First the function's own
 * list is asked, so that a name nobody allowed is not even looked up; then every address is judged by itself, whatever
 * the name says. Rejects with `EgressRefusal`.
 */
export async function permittedAddresses(
  request: Exclude<EgressRequest, RecordsRequest>,
  parts: DecisionParts,
): Promise<readonly string[]> {
  const host = parseHost(request.host);
  if (!host) throw refusals.invalid();
  const port = request.kind === 'connect' ? request.port : undefined;
  const permission = permissionFor(host, port, parts);
  if (permission === 'none') throw refusals.notAllowed(host.text, port);
  const addresses = await addressesOf(host, parts.resolver);
  const permitted = addresses.filter((address) => parts.policy.permits(address, permission));
  if (permitted.length === 0) throw refusals.address(host.text);
  if (request.kind === 'resolve') parts.resolved.remember(host.text, permitted);
  return permitted;
}

/** An address counts as itself and as each name that it was given out for. */
export function permissionFor(
  host: Host,
  port: number | undefined,
  { allowList, resolved }: DecisionParts,
): Permission {
  const names = host.kind === 'address' ? resolved.namesOf(host.text) : [];
  const permissions = [host.text, ...names].map((name) => allowList.permissionFor(name, port));
  return permissions.find((one) => one === 'named') ?? permissions.find((one) => one === 'public') ?? 'none';
}

function addressesOf(host: Host, resolver: NameResolver): Promise<readonly string[]> | readonly string[] {
  if (host.kind === 'address') return [host.text];
  return isLocalhost(host.text) ? loopbackAddresses : resolver.resolve(host.text);
}
