import { isIPv4, isIPv6, SocketAddress } from 'node:net';
const maxNameLength = 253;
const label = /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/;
/** What the C library would take for an IPv4 address (`127.1`, `0x7f000001`, `2130706433`) ends in such a label. */ const numberLabel = /^(?:\d+|0x[0-9a-f]*)$/;
/**
 * Reads a host name or an IP address; undefined for anything else. There is one way to write an IPv4 address: spellings
 * that one program takes for an address and another for a name are refused. Names are ASCII (`xn--…`); a dot at the
 * end, which only says that the name is complete, is dropped.
 */ export function parseHost(written) {
    if (isIPv4(written)) return {
        kind: 'address',
        text: written
    };
    if (isIPv6(written) && !written.includes('%')) return {
        kind: 'address',
        text: shortIPv6(written)
    };
    const text = written.toLowerCase().replace(/\.$/, '');
    if (text.length > maxNameLength) return undefined;
    const labels = text.split('.');
    if (!labels.every((part)=>label.test(part)) || numberLabel.test(labels.at(-1) ?? '')) return undefined;
    return {
        kind: 'name',
        text
    };
}
function shortIPv6(address) {
    return new SocketAddress({
        address,
        family: 'ipv6'
    }).address;
}

//# sourceMappingURL=host.js.map