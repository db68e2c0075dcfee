import { frameHeaderBytes } from './limits.js';
/** A body up to this size is copied next to its header: one small write is cheaper than two. */ const joinedBodyBytes = 16 * 1024;
/**
 * A frame as one or two buffers, to be written in this order without anything in between: the header (JSON length and
 * body length, 32 bits each, big-endian), the JSON, the body.
 */ export function encodeFrame(json, body) {
    const jsonBytes = Buffer.byteLength(json);
    const bodyBytes = body?.length ?? 0;
    const joined = bodyBytes <= joinedBodyBytes;
    const head = Buffer.allocUnsafe(frameHeaderBytes + jsonBytes + (joined ? bodyBytes : 0));
    head.writeUInt32BE(jsonBytes, 0);
    head.writeUInt32BE(bodyBytes, 4);
    head.write(json, frameHeaderBytes);
    if (!body || bodyBytes === 0) return [
        head
    ];
    if (!joined) return [
        head,
        body
    ];
    head.set(body, frameHeaderBytes + jsonBytes);
    return [
        head
    ];
}

//# sourceMappingURL=encode-frame.js.map