/** Between questions whether a client still listens: soon after it closed its side, then now and then. */ const firstAskAgainMs = 20;
const askAgainMs = 1000;
/**
 * Answers clients that close their side as soon as their request is sent, and notices those that have left. Both look
 * the same from here: the end of what they send. So such a client is asked, by a `100 Continue`, which every HTTP/1.1
 * client takes at any time (RFC 9110, section 15.2): where nobody listens the write fails, and the connection with it.
 * Clients of HTTP/1.0 cannot be asked and count as gone.
 */ export function answerHalfClosed(server) {
    const answering = new WeakMap();
    // Without it Node closes its side, too, when the client has closed its own (`socketOnEnd` in Node's `_http_server`).
    Object.assign(server, {
        httpAllowHalfOpen: true
    });
    server.on('request', (request, response)=>{
        answering.set(request.socket, response);
    });
    server.on('connection', (socket)=>{
        socket.once('end', ()=>{
            const response = answering.get(socket);
            if (response && !response.writableFinished) ask(socket, response, firstAskAgainMs);
        });
    });
}
function ask(socket, response, againMs) {
    if (socket.destroyed || response.writableFinished) return;
    if (response.req.httpVersion === '1.0') {
        socket.destroy();
        return;
    }
    // Once the answer has begun, its own bytes find out.
    if (response.headersSent) return;
    response.writeContinue();
    setTimeout(()=>{
        ask(socket, response, askAgainMs);
    }, againMs).unref();
}

//# sourceMappingURL=half-closed.js.map