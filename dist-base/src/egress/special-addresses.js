import { BlockList } from 'node:net';
/**
 * IPv4 ranges that are not the public internet: the special-purpose registry of IANA (RFC 6890 and what came after),
 * all of multicast and the reserved space. Cloud providers' metadata services are in 169.254.0.0/16, 100.64.0.0/10 and
 * 192.0.0.0/24; one answers on a public address of its own.
 */ const specialIPv4 = [
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
    '240.0.0.0/4'
];
/**
 * All public IPv6 addresses are in here; so loopback, link-local, unique local, multicast, IPv4-mapped and NAT64
 * addresses are refused without being named.
 */ const globalIPv6 = '2000::/3';
/** What is special inside that: protocol assignments with Teredo, documentation, 6to4, AS112, the former 6bone. */ const specialIPv6 = [
    '2001::/23',
    '2001:db8::/32',
    '2002::/16',
    '2620:4f:8000::/48',
    '3ffe::/16',
    '3fff::/20'
];
/** Reads `10.0.0.0/8` or `fd00::/8`; throws where it is neither. */ export function addRange(list, range) {
    const [network = '', prefix = ''] = range.split('/');
    if (!/^\d{1,3}$/.test(prefix)) throw new Error(`${range} has no prefix length.`);
    list.addSubnet(network, Number(prefix), network.includes(':') ? 'ipv6' : 'ipv4');
}
export function rangesOf(ranges) {
    const list = new BlockList();
    for (const range of ranges)addRange(list, range);
    return list;
}
const special = rangesOf([
    ...specialIPv4,
    ...specialIPv6
]);
const global = rangesOf([
    globalIPv6
]);
/** Whether the address belongs to the public internet, where anybody's server may be. */ export function isPublicAddress(address) {
    const family = address.includes(':') ? 'ipv6' : 'ipv4';
    return !special.check(address, family) && (family === 'ipv4' || global.check(address, family));
}

//# sourceMappingURL=special-addresses.js.map