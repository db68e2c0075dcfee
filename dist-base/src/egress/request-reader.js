import { maxEgressRequestBytes, parseEgressRequest } from '../ipc/protocol/egress.js';
const lineEnd = 0x0a;
/**
 * Reads the first line of a container's connection, which is paused then; what follows the line stays in it. Calls
 * back once, with undefined for anything that is no request.
 */ export function readRequest(client, done) {
    let received = Buffer.alloc(0);
    const settle = (request)=>{
        client.off('data', onData).off('end', onEnd).pause();
        done(request);
    };
    const onEnd = ()=>{
        settle(undefined);
    };
    const onData = (chunk)=>{
        received = Buffer.concat([
            received,
            chunk
        ]);
        const end = received.subarray(0, maxEgressRequestBytes).indexOf(lineEnd);
        if (end < 0 && received.length < maxEgressRequestBytes) return;
        const request = end < 0 ? undefined : parseEgressRequest(received.toString('latin1', 0, end));
        const rest = received.subarray(end + 1);
        settle(request);
        if (request && rest.length > 0) client.unshift(rest);
    };
    client.on('data', onData).on('end', onEnd);
}

//# sourceMappingURL=request-reader.js.map