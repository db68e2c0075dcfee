import ipaddr from 'ipaddr.js';
import { BlockList, isIP, isIPv4, isIPv6, SocketAddress } from 'node:net';

/** A host as somebody named it: in lower case, an address in its shortest usual form. */
export interface Host {
  readonly kind: 'name' | 'address';
  readonly text: string;
}

const maxNameLength = 253;
const label = /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/;

/** What the C library would take for an IPv4 address (`127.1`, `0x7f000001`, `2130706433`) ends in such a label. */
const numberLabel = /^(?:\d+|0x[0-9a-f]*)$/;

/**
 * Reads a host name or an IP address; undefined for anything else. There is one way to write an IPv4 address: spellings
 * that one program takes for an address and another for a name are refused. Names are ASCII (`xn--…`); a dot at the
 * end, which only says that the name is complete, is dropped.
 */
export function parseHost(written: string): Host | undefined {
  if (isIPv4(written)) return { kind: 'address', text: written };
  if (isIPv6(written) && !written.includes('%')) return { kind: 'address', text: shortIPv6(written) };
  const text = written.toLowerCase().replace(/\.$/, '');
  if (text.length > maxNameLength) return undefined;
  const labels = text.split('.');
  if (!labels.every((part) => label.test(part)) || numberLabel.test(labels.at(-1) ?? '')) return undefined;
  return { kind: 'name', text };
}

function shortIPv6(address: string): string {
  return new SocketAddress({ address, family: 'ipv6' }).address;
}

/** `localhost` and every name below it are the loopback addresses, whatever a name server says (RFC 6761, section 6.3). */
export function isLocalhost(name: string): boolean {
  return name === 'localhost' || name.endsWith('.localhost');
}

export const loopbackAddresses: readonly string[] = ['127.0.0.1', '::1'];

/** Whether only this machine reaches the address, whichever way it is written. A name is no address. */
export function isLoopback(text: string): boolean {
  return parseAddress(text)?.range() === 'loopback';
}

/** One spelling for each address; IPv4 that arrives on an IPv6 socket is IPv4. Undefined for what is no address. */
export function canonicalAddress(text: string): string | undefined {
  if (isIPv4(text)) return text;
  // The library does not read IPv6 that ends in dots, unless it is IPv4 as IPv6.
  return parseAddress(text)?.toString() ?? (isIPv6(text) ? text : undefined);
}

/** Whoever has one address of IPv6 has the 2^64 beside it, so limits count its network; an address of IPv4 is counted by itself. */
export function networkOf(address: string): string {
  return isIPv6(address) ? `${groupsOf(address).slice(0, 4).join(':')}::/64` : address;
}

/** The eight numbers of an address of IPv6, as they are written; those that `::` stands for are zero. */
function groupsOf(address: string): string[] {
  const [before = [], after = []] = address
    .replace(/%.*$/, '')
    .replace(/\d+\.\d+\.\d+\.\d+$/, 'x:x')
    .split('::')
    .map((part) => part.split(':').filter((group) => group !== ''));
  return [...before, ...Array<string>(8 - before.length - after.length).fill('0'), ...after];
}

/** The library alone would take `1` and `010.0.0.1` for addresses, as the C library does. */
function parseAddress(text: string) {
  return isIP(text) !== 0 && ipaddr.isValid(text) ? ipaddr.process(text) : undefined;
}

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
