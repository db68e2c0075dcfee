/**
 * Not the function's business: headers that speak of this one connection (RFC 9110, section 7.6.1), and claims about
 * where a request came from, which anybody can write; the event's `sourceIp` is what the server saw.
 */ const notForwarded = new Set([
    'connection',
    'keep-alive',
    'proxy-authenticate',
    'proxy-authorization',
    'proxy-connection',
    'te',
    'trailer',
    'transfer-encoding',
    'upgrade',
    'expect',
    'forwarded',
    'x-forwarded-for',
    'x-forwarded-host',
    'x-forwarded-port',
    'x-forwarded-proto',
    'x-real-ip',
    // Set anew: the call itself is the parent of what the function does.
    'traceparent',
    'tracestate'
]);
/**
 * The headers that the function sees: lower-case names, repeated ones joined as HTTP allows. A key that let the caller
 * into the server is the server's; a function that saw it could act as its caller.
 */ export function forwardedHeaders(received, { hasShownKey, trace }) {
    // A plain object, which is turned into JSON several times as fast as one without a prototype.
    const forwarded = {};
    for(const name in received){
        const value = received[name];
        if (value === undefined || notForwarded.has(name)) continue;
        if (name === 'authorization' && hasShownKey) continue;
        forwarded[name] = value;
    }
    forwarded['traceparent'] = trace.traceparent;
    if (trace.tracestate !== undefined) forwarded['tracestate'] = trace.tracestate;
    return forwarded;
}

//# sourceMappingURL=request-headers.js.map