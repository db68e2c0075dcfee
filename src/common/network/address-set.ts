import { BlockList, isIP, isIPv6 } from 'node:net';

/** Addresses and networks, e.g. `10.0.0.7` or `10.0.0.0/8`. */
export type AddressSet = (address: string) => boolean;

/** The set that a comma-separated list names; undefined when something in it is no address and no network. */
export function parseAddressSet(list: string): AddressSet | undefined {
  const networks = new BlockList();
  const items = list.split(',').filter((part) => part.trim() !== '');
  for (const item of items) {
    if (!addNetwork(networks, item.trim())) return undefined;
  }
  return (address) => isIP(address) !== 0 && networks.check(address, family(address));
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
