import { parseHost } from '../../common/network/host.js';
/** Ports of a rule that names none: HTTP and HTTPS. */ const webPorts = [
    80,
    443
];
const maxPort = 65_535;
/** `host`, `[IPv6 address]`, then perhaps `:` and a port or `*`. */ const form = /^(?:\[([^[\]]+)\]|([^[\]:]+))(?::(\*|[1-9]\d{0,4}))?$/;
/** Reads `api.example.com`, `*.example.com:8443`, `192.0.2.7:5432`, `[2001:db8::1]:*` or `public`; else undefined. */ export function parseEgressRule(text) {
    const [, bracketed, plain = '', port] = form.exec(text) ?? [];
    const ports = port === undefined ? 'web' : port === '*' ? 'any' : Number(port);
    if (typeof ports === 'number' && ports > maxPort) return undefined;
    if (bracketed !== undefined) return bracketed.includes(':') ? hostRule(bracketed, ports) : undefined;
    if (plain === 'public') return {
        kind: 'public',
        host: '',
        ports
    };
    if (plain.startsWith('*.')) return subdomainsRule(plain.slice(2), ports);
    return hostRule(plain, ports);
}
/** `host` is a name or an address as `parseHost` gives it; without a port, whether any port of it is allowed. */ export function egressPermission(rules, host, port) {
    const matching = rules.filter((rule)=>matchesPort(rule, port) && matchesHost(rule, host));
    if (matching.some(({ kind })=>kind !== 'public')) return 'named';
    return matching.length > 0 ? 'public' : 'none';
}
function hostRule(text, ports) {
    const host = parseHost(text);
    return host && {
        kind: 'host',
        host: host.text,
        ports
    };
}
/** Of at least two labels: `*.com` would be everybody. */ function subdomainsRule(text, ports) {
    const host = parseHost(text);
    if (host?.kind !== 'name' || !host.text.includes('.')) return undefined;
    return {
        kind: 'subdomains',
        host: host.text,
        ports
    };
}
function matchesPort({ ports }, port) {
    if (port === undefined || ports === 'any') return true;
    return ports === 'web' ? webPorts.includes(port) : ports === port;
}
function matchesHost(rule, host) {
    switch(rule.kind){
        case 'public':
            return true;
        case 'subdomains':
            return host.endsWith(`.${rule.host}`);
        case 'host':
            return host === rule.host;
        default:
            return rule.kind;
    }
}

//# sourceMappingURL=egress-rule.js.map