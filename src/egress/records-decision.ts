import { parseHost, type Host } from '../common/network/host.js';
import {
  encodeEgressAnswer,
  maxRecordsAnswerBytes,
  ownerOf,
  type RecordsAnswer,
  type RecordsRequest,
} from '../ipc/protocol/egress.js';
import type { Permission } from './allow-list.js';
import { permissionFor, type DecisionParts } from './egress-decision.js';
import { refusals } from './egress-refusal.js';

interface AddressRecord {
  readonly address: string;
}

/**
 * Ends of names that are no part of the public internet: what the server's own name servers know of them is of its own
 * network. A function may ask for them where its list names them.
 */
const innerZones = ['arpa', 'internal', 'local', 'localhost', 'onion', 'alt'];

/**
 * The DNS records that a request may have. As for connections, the function's own list is asked first, so that nobody is
 * asked about a name that nobody allowed, and an address is told only where it may be connected to. Rejects with
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

/** Of the name itself, or of the host that it says something of. */
function permissionForRecords(host: Host, parts: DecisionParts): Permission {
  const owner = { ...host, text: ownerOf(host.text) };
  const permissions = [host, owner].map((one) => permissionFor(one, undefined, parts));
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
