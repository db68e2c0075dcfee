const loopbackNames = [
    'localhost',
    '127.0.0.1',
    '[::1]'
];
/** This machine's own names, and those of a comma-separated list. */ export function knownHosts(allowed) {
    const names = allowed.split(',').map((name)=>name.trim().toLowerCase());
    return new Set([
        ...loopbackNames,
        ...names.filter((name)=>name !== '')
    ]);
}
/**
 * Why a request must not be served, or undefined. A web page can make its visitor's browser send requests to this
 * machine, under its own name (DNS rebinding) or as a stranger; both can be told by headers that a page cannot forge.
 */ export function hostRefusal(headers, known) {
    if (!known.has(withoutPort(headers.host ?? ''))) {
        return 'The server is not known by the host name of this request; call it as localhost, or add the name to GLAMBDAR_ALLOWED_HOSTS.';
    }
    if (!isFromKnownPage(headers, known)) {
        return 'The request comes from a web page of another host; if that page may call the server, add its host name to GLAMBDAR_ALLOWED_HOSTS.';
    }
    return undefined;
}
function isFromKnownPage(headers, known) {
    if (headers.origin !== undefined) return known.has(hostOfOrigin(headers.origin));
    // Images and scripts of a page are asked for without an origin. A link that somebody follows is no such thing.
    return headers['sec-fetch-site'] !== 'cross-site' || headers['sec-fetch-mode'] === 'navigate';
}
/** Empty for the origin `null` and for what is none. */ function hostOfOrigin(origin) {
    return withoutPort(/^https?:\/\/([^/]+)$/i.exec(origin)?.[1] ?? '');
}
function withoutPort(host) {
    return host.replace(/:\d{1,5}$/, '').toLowerCase();
}

//# sourceMappingURL=known-host.js.map