import { BlockList, isIP, isIPv6 } from 'node:net';

/** Addresses and networks, e.g. `10.0.0.7` or `10.0.0.0/8`. */
export type AddressSet = (address: string) => boolean;

/** How a request came here. */
export interface WayOfRequest {
  /** Of the client; of the last trusted proxy where that does not say. */
  readonly address: string;
  /** Trusted ones in a row before this server. */
  readonly proxies: number;
}

/** The set that a comma-separated list names; undefined when something in it is no address and no network. */
export function parseAddressSet(list: string): AddressSet | undefined {
  const networks = new BlockList();
  const items = list.split(',').filter((part) => part.trim() !== '');
  for (const item of items) {
    if (!addNetwork(networks, item.trim())) return undefined;
  }
  // The usual list is empty, and every request asks it.
  if (items.length === 0) return () => false;
  return (address) => isIP(address) !== 0 && networks.check(address, family(address));
}

/**
 * The address of whoever sent the request. Each trusted proxy has written down, at the end of the header, where it got
 * the request from; whatever stands left of the first address that is not trusted, anybody may have written.
 */
export function wayOfRequest(
  socketAddress: string,
  forwardedFor: string | undefined,
  isTrusted: AddressSet,
): WayOfRequest {
  const hops = forwardedFor === undefined ? [] : forwardedFor.split(',').map((hop) => hop.trim());
  let address = plain(socketAddress);
  let proxies = 0;
  while (isTrusted(address)) {
    proxies += 1;
    const previous = plain(hops.pop() ?? '');
    if (isIP(previous) === 0) break;
    address = previous;
  }
  return { address, proxies };
}

/** IPv4 that arrives on an IPv6 socket is IPv4 nevertheless. */
function plain(address: string): string {
  return address.startsWith('::ffff:') ? address.slice('::ffff:'.length) : address;
}

function addNetwork(networks: BlockList, item: string): boolean {
  const [address = '', prefix, ...rest] = item.split('/');
  if (isIP(address) === 0 || rest.length > 0) return false;
  if (prefix === undefined) {
    networks.addAddress(address, family(address));
    return true;
  }
  if (!/^\d{1,3}$/.test(prefix) || Number(prefix) > (isIPv6(address) ? 128 : 32)) return false;
  networks.addSubnet(address, Number(prefix), family(address));
  return true;
}

function family(address: string): 'ipv4' | 'ipv6' {
  return isIPv6(address) ? 'ipv6' : 'ipv4';
}
