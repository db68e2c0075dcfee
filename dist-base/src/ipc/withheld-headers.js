/** Framing, hop-by-hop and identity are the server's: a function's `content-length: 5` would desynchronise a proxy. */ const serversOwn = [
    'content-length',
    'transfer-encoding',
    'connection',
    'keep-alive',
    'te',
    'trailer',
    'upgrade',
    'expect',
    'server',
    'date',
    'via',
    'traceparent'
];
/** A reverse proxy in front takes these for orders of the server behind it: to send a file of its own, say. */ const ordersToProxies = [
    'x-sendfile',
    'x-lighttpd-send-file',
    'x-lighttpd-send-tempfile',
    'surrogate-control'
];
/**
 * A browser obeys these for the whole origin, which a function shares with all others and with the management API: to
 * put a service worker in front of them, to forget their cookies and storage, to reach them elsewhere or by HTTPS only,
 * to tell a stranger of their errors, to send more about the visitor to all of them.
 */ const ordersToBrowsers = [
    'service-worker-allowed',
    'clear-site-data',
    'alt-svc',
    'strict-transport-security',
    'public-key-pins',
    'expect-ct',
    'nel',
    'report-to',
    'origin-agent-cluster',
    'accept-ch',
    'critical-ch'
];
const withheld = new Set([
    ...serversOwn,
    ...ordersToProxies,
    ...ordersToBrowsers
]);
/** `x-accel-` are nginx's orders, `x-reproxy-` are Perlbal's. */ const withheldPrefixes = [
    'proxy-',
    'x-glambdar-',
    'x-accel-',
    'x-reproxy-'
];
/** Whether a header of a function's response is kept from the client; `name` in lower case. */ export function isWithheld(name) {
    return withheld.has(name) || withheldPrefixes.some((prefix)=>name.startsWith(prefix));
}

//# sourceMappingURL=withheld-headers.js.map