/** How long a client may take to close its side after its last answer. */ const closeWithinMs = 2000;
/**
 * Sends the last answer and closes. A server's connections may be half open, so without the deadline a client that
 * never closes its own side would keep its place for as long as it likes.
 */ export function endConnection(socket, answer) {
    socket.on('error', ()=>undefined);
    const timer = setTimeout(()=>{
        socket.destroy();
    }, closeWithinMs).unref();
    socket.once('close', ()=>{
        clearTimeout(timer);
    });
    socket.end(answer);
}

//# sourceMappingURL=end-connection.js.map