const callerKey = Symbol('caller');
/** Only whoever has checked the request may say who sent it. */ export function setCaller(request, caller) {
    request[callerKey] = caller;
}
/** A request that nobody has checked is from where its connection is from, and nothing more is known. */ export function callerOf(request) {
    return request[callerKey] ?? {
        keyId: undefined,
        address: request.socket.remoteAddress ?? ''
    };
}

//# sourceMappingURL=caller.js.map