/**
 * Ends connections whose client reads nothing of its answer for so long: the answer would stay in memory for ever. A
 * connection on which nothing waits to be sent is one whose function still works.
 */ export function limitSending(response, timeoutMs) {
    response.setTimeout(timeoutMs, ()=>{
        if (response.socket !== null && response.socket.writableLength > 0) response.socket.destroy();
    });
}
export function sendTimeout(timeoutMs) {
    return (_request, response, next)=>{
        limitSending(response, timeoutMs);
        next();
    };
}

//# sourceMappingURL=send-timeout.js.map