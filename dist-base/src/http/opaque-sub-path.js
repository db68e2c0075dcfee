/**
 * What follows a function's name is the function's, whatever it is. The router would decode it and refuse what does
 * not decode, so it is shown a placeholder; the call itself reads `originalUrl`.
 */ export function opaqueSubPath(request, _response, next) {
    const { url } = request;
    if (url.includes('%')) request.url = url.replace(/^(\/invoke\/[^/?]+)\/[^?]+/i, '$1/-');
    next();
}

//# sourceMappingURL=opaque-sub-path.js.map