import { BlockList } from 'node:net';
import { networkInterfaces } from 'node:os';
import { isLocalhost, isLoopback } from '../common/network/host.js';
import type { NameResolver } from './name-resolver.js';

/**
 * Which addresses a function may reach, whatever name led to them. Never this machine's own: a service that trusts its
 * host would take the function for it.
 */
export class AddressPolicy {
  private readonly allowed: BlockList;

  /** `allowedRanges` are open to rules that name a host, even if they are private or of this machine. */
  constructor(allowedRanges: readonly string[]) {
    this.allowed = rangesOf(allowedRanges);
  }

  permits(address: string, permission: 'trusted' | 'named' | 'public'): boolean {
    if (permission === 'trusted') return true;
    const family = address.includes(':') ? 'ipv6' : 'ipv4';
    if (permission === 'named' && this.allowed.check(address, family)) return true;
    return isPublicAddress(address) && !isOfThisMachine(address);
  }
}

/** Checked each time, because a machine's addresses change while it runs. */
function isOfThisMachine(address: string): boolean {
  return Object.values(networkInterfaces()).some((own) => own?.some((one) => one.address === address));
}

/** Whether the address belongs to the public internet, where anybody's server may be. */
function isPublicAddress(address: string): boolean {
  const family = address.includes(':') ? 'ipv6' : 'ipv4';
  return !special.check(address, family) && (family === 'ipv4' || global.check(address, family));
}

/** Reads `10.0.0.0/8` or `fd00::/8`; throws if it is neither. */
function addRange(list: BlockList, range: string): void {
  const [network = '', prefix = ''] = range.split('/');
  if (!/^\d{1,3}$/.test(prefix)) throw new Error(`${range} has no prefix length.`);
  list.addSubnet(network, Number(prefix), network.includes(':') ? 'ipv6' : 'ipv4');
}

export function rangesOf(ranges: readonly string[]): BlockList {
  const list = new BlockList();
  for (const range of ranges) addRange(list, range);
  return list;
}

/**
 * IPv4 ranges that are not the public internet: the special-purpose registry of IANA (RFC 6890 and what came after),
 * all of multicast and the reserved space. Cloud providers' metadata services are in 169.254.0.0/16, 100.64.0.0/10 and
 * 192.0.0.0/24; one answers on a public address of its own.
 */
const specialIPv4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '168.63.129.16/32',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.31.196.0/24',
  '192.52.193.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '192.175.48.0/24',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
];

/**
 * All public IPv6 addresses are in this range; so loopback, link-local, unique local, multicast, IPv4-mapped and NAT64
 * addresses are refused without being listed.
 */
const globalIPv6 = '2000::/3';

/** The special ranges inside it: protocol assignments with Teredo, documentation, 6to4, AS112, the former 6bone. */
const specialIPv6 = [
  '2001::/23',
  '2001:db8::/32',
  '2002::/16',
  '2620:4f:8000::/48',
  '3ffe::/16',
  '3fff::/20',
];

const special = rangesOf([...specialIPv4, ...specialIPv6]);
const global = rangesOf([globalIPv6]);

const operatorsPart =
  'Calls will fail with EGRESS_ADDRESS_REFUSED unless whoever runs the server adds it to GLAMBDAR_EGRESS_ALLOWED_RANGES.';

/**
 * Why a host that somebody names cannot be reached, as the rest of a sentence about it; undefined if no reason is known.
 * It does not contain the address of a name, which need not be known to whoever asks.
 */
export async function whyUnreachable(
  host: string,
  { policy, resolver }: { readonly policy: AddressPolicy; readonly resolver: NameResolver },
): Promise<string | undefined> {
  if (host.endsWith('.docker.internal')) {
    return `is a name of Docker's own networks, which functions are not in: use the address of the server's machine.`;
  }
  const isOfMachine = isLoopback(host) || isLocalhost(host);
  const isAddress = host.includes(':') || /^[\d.]+$/.test(host);
  const addresses = isAddress ? [host] : isOfMachine ? ['127.0.0.1'] : await known(host, resolver);
  if (addresses.length === 0 || addresses.some((address) => policy.permits(address, 'named')))
    return undefined;
  if (isOfMachine) return `is the server's own machine. ${operatorsPart}`;
  return `${isAddress ? 'is no public address' : 'is at no public address'}. ${operatorsPart}`;
}

/** Empty for a name that is not known: it may be created later, or have only records of other kinds. */
async function known(name: string, resolver: NameResolver): Promise<readonly string[]> {
  return resolver.resolve(name).catch(() => []);
}
