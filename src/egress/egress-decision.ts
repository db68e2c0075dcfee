import { type Host, isLocalhost, loopbackAddresses, parseHost } from '../common/network/host.js';
import {
  type EgressRequest,
  encodeEgressAnswer,
  maxRecordsAnswerBytes,
  ownerOf,
  type RecordsAnswer,
  type RecordsRequest,
} from '../ipc/protocol/egress.js';
import type { AddressPolicy } from './address-policy.js';
import { refusals } from './egress-refusal.js';
import type { NameResolver } from './name-resolver.js';

/**
 * `trusted`: the operator names the host, which is reached at any address. `named`: the function's allow-list names the
 * host. `public`: the list allows every public address. `none`: the function may not connect there.
 */
export type Permission = 'trusted' | 'named' | 'public' | 'none';

/** Where one container may connect to. */
export interface AllowList {
  /** `host` is a name in lower case or an address; without a port the question is whether any port is allowed. */
  permissionFor(host: string, port: number | undefined): Permission;
  /** What is said of a destination that is not on the list; without it, how a function's list is changed. */
  readonly notAllowed?: (host: string, port: number | undefined) => string;
}

export interface DecisionParts {
  readonly allowList: AllowList;
  readonly policy: AddressPolicy;
  readonly resolver: NameResolver;
  readonly resolved: ResolvedNames;
}

/**
 * The addresses that a request may have; a connection goes to one of these and no other. The function's list comes first,
 * so that a name that is not allowed is not even looked up; then every address is judged by itself, whatever the name
 * says. Rejects with `EgressRefusal`.
 */
export async function permittedAddresses(
  request: Exclude<EgressRequest, RecordsRequest>,
  parts: DecisionParts,
): Promise<readonly string[]> {
  const host = parseHost(request.host);
  if (!host) throw refusals.invalid();
  const port = request.kind === 'connect' ? request.port : undefined;
  const permission = permissionFor(host, port, parts);
  if (permission === 'none')
    throw refusals.notAllowed(host.text, port, parts.allowList.notAllowed?.(host.text, port));
  const addresses = await addressesOf(host, parts.resolver);
  const permitted = addresses.filter((address) => parts.policy.permits(address, permission));
  if (permitted.length === 0) throw refusals.address(host.text);
  if (request.kind === 'resolve') parts.resolved.remember(host.text, permitted);
  return permitted;
}

function addressesOf(host: Host, resolver: NameResolver): Promise<readonly string[]> | readonly string[] {
  if (host.kind === 'address') return [host.text];
  return isLocalhost(host.text) ? loopbackAddresses : resolver.resolve(host.text);
}

interface AddressRecord {
  readonly address: string;
}

/**
 * Zones that are not part of the public internet: what the server's name servers know of them belongs to its own network.
 * A function may ask for them only if its list names them.
 */
const innerZones = ['arpa', 'internal', 'local', 'localhost', 'onion', 'alt'];

/**
 * The DNS records that a request may have. As for connections, the function's list comes first, so that nobody is asked
 * about a name that is not allowed, and the function gets only addresses that it may connect to. Rejects with
 * `EgressRefusal`.
 */
export async function permittedRecords(
  { type, host: written }: RecordsRequest,
  parts: DecisionParts,
): Promise<RecordsAnswer> {
  const host = parseHost(written);
  if (!host || (host.kind === 'address' && type !== 'PTR')) throw refusals.invalid();
  const permission = permissionForRecords(host, parts);
  if (permission === 'none') throw refusals.records(type, host.text, ownerOf(host.text));
  if (host.kind === 'address' && !parts.policy.permits(host.text, permission))
    throw refusals.address(host.text);
  const records = await parts.resolver.records(type, host.text);
  if (type !== 'A' && type !== 'AAAA') return bounded({ kind: 'records', records }, type, host.text);
  const permitted = (records as readonly AddressRecord[]).filter(({ address }) =>
    parts.policy.permits(address, permission),
  );
  if (permitted.length === 0) throw refusals.address(host.text);
  const addresses = permitted.map(({ address }) => address);
  parts.resolved.remember(host.text, addresses);
  return bounded({ kind: 'records', records: permitted }, type, host.text);
}

/** The permission for the name itself, or for the host that it describes. */
function permissionForRecords(host: Host, parts: DecisionParts): Permission {
  const owner = { ...host, text: ownerOf(host.text) };
  const permissions = [host, owner].map((one) => permissionFor(one, undefined, parts));
  if (permissions.includes('trusted')) return 'trusted';
  if (permissions.includes('named')) return 'named';
  return permissions.includes('public') && !isInner(host) ? 'public' : 'none';
}

function isInner({ kind, text }: Host): boolean {
  return kind === 'name' && innerZones.includes(text.slice(text.lastIndexOf('.') + 1));
}

function bounded(answer: RecordsAnswer, type: RecordsRequest['type'], name: string): RecordsAnswer {
  if (encodeEgressAnswer(answer).length <= maxRecordsAnswerBytes) return answer;
  throw refusals.longRecords(type, name, maxRecordsAnswerBytes);
}

/** An address counts as itself and as each name that it was resolved from. */
export function permissionFor(
  host: Host,
  port: number | undefined,
  { allowList, resolved }: DecisionParts,
): Permission {
  const names = host.kind === 'address' ? resolved.namesOf(host.text) : [];
  const permissions = [host.text, ...names].map((name) => allowList.permissionFor(name, port));
  const strongestFirst: readonly Permission[] = ['trusted', 'named', 'public'];
  return strongestFirst.find((one) => permissions.includes(one)) ?? 'none';
}

interface Resolved {
  readonly name: string;
  readonly addresses: readonly string[];
}

const maxNames = 64;
/** Of one name, IPv4 and IPv6 together, because they may be resolved one after the other. */
const maxRememberedAddresses = 32;

/**
 * The names that a container has resolved lately. Some programs resolve a name first and then connect to the address:
 * that is as allowed as the name. The oldest names are forgotten.
 */
export class ResolvedNames {
  private recent: readonly Resolved[] = [];

  remember(name: string, addresses: readonly string[]): void {
    const earlier = this.recent.find((resolved) => resolved.name === name)?.addresses ?? [];
    const others = this.recent.filter((resolved) => resolved.name !== name);
    const all = [...new Set([...addresses, ...earlier])].slice(0, maxRememberedAddresses);
    this.recent = [{ name, addresses: all }, ...others].slice(0, maxNames);
  }

  namesOf(address: string): string[] {
    return this.recent.filter(({ addresses }) => addresses.includes(address)).map(({ name }) => name);
  }
}
