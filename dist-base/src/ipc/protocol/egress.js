/**
 * The conversation over a container's second socket, by which its function reaches the outside; compiled into both
 * sides. docs/ipc-protocol.md is its prose. Each connection is one request and one answer, a line each; after `ok` to
 * `connect` the connection carries the bytes of the destination, both ways.
 *
 *   container                        host
 *   connect <host> <port> LF   ->
 *   resolve <host> LF          ->
 *                              <-    ok <address> [<address>...] LF
 *                              <-    no <code> <sentence> LF
 *
 * Whoever writes a request may be the function itself: the host treats every byte as hostile.
 */ export const egressSocketFile = 'egress';
/** Longest request, its end included: a name of 253 characters, a word and a port. */ export const maxEgressRequestBytes = 300;
/** Longest answer, its end included. */ export const maxEgressAnswerBytes = 2048;
/** Why something outside cannot be had; what a function's code finds as `error.code`. The first four are Glambdar's. */ export const egressCodes = [
    'EGRESS_REFUSED',
    'EGRESS_ADDRESS_REFUSED',
    'EGRESS_LIMIT',
    'EGRESS_INVALID',
    'ENOTFOUND',
    'EAI_AGAIN',
    'ECONNREFUSED',
    'ECONNRESET',
    'EHOSTUNREACH',
    'ENETUNREACH',
    'ETIMEDOUT'
];
const maxPort = 65_535;
export function encodeEgressRequest(request) {
    return request.kind === 'connect' ? `connect ${request.host} ${request.port}\n` : `resolve ${request.host}\n`;
}
/** A request without its end; undefined for anything that is none. The host's name is not judged here. */ export function parseEgressRequest(line) {
    const [, connectHost, port, resolveHost] = /^(?:connect ([!-~]+) (\d{1,5})|resolve ([!-~]+))$/.exec(line) ?? [];
    if (resolveHost !== undefined) return {
        kind: 'resolve',
        host: resolveHost
    };
    if (connectHost === undefined || Number(port) < 1 || Number(port) > maxPort) return undefined;
    return {
        kind: 'connect',
        host: connectHost,
        port: Number(port)
    };
}
export function encodeEgressAnswer(answer) {
    return answer.kind === 'ok' ? `ok ${answer.addresses.join(' ')}\n` : `no ${answer.code} ${answer.sentence}\n`;
}
/** An answer without its end. */ export function parseEgressAnswer(line) {
    const [word, code = '', ...rest] = line.split(' ');
    if (word === 'ok') return {
        kind: 'ok',
        addresses: [
            code,
            ...rest
        ]
    };
    const known = egressCodes.find((one)=>one === code);
    return word === 'no' && known ? {
        kind: 'no',
        code: known,
        sentence: rest.join(' ')
    } : undefined;
}

//# sourceMappingURL=egress.js.map