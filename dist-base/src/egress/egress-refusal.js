/** Something outside that a function does not get; the message is a sentence to the function's author. */ export class EgressRefusal extends Error {
    code;
    name = 'EgressRefusal';
    constructor(code, message){
        super(message), this.code = code;
    }
}
/** `host:port` as rules are written. */ export function destinationText(host, port) {
    const written = host.includes(':') ? `[${host}]` : host;
    return port === undefined ? written : `${written}:${port}`;
}
export const refusals = {
    invalid: ()=>new EgressRefusal('EGRESS_INVALID', 'A connection names one host, in ASCII, and a port from 1 to 65535.'),
    notAllowed: (host, port)=>{
        const destination = destinationText(host, port);
        return new EgressRefusal('EGRESS_REFUSED', `The function may not connect to ${destination}: add "${destination}" to its setting egress to allow it.`);
    },
    address: (host)=>new EgressRefusal('EGRESS_ADDRESS_REFUSED', `${host} is at no public address. Whoever runs the server can allow private ones to functions that name the ` + 'host in their setting egress: with GLAMBDAR_EGRESS_ALLOWED_RANGES.'),
    connections: (limit)=>new EgressRefusal('EGRESS_LIMIT', `The container has ${limit} connections open, as many as GLAMBDAR_EGRESS_CONNECTIONS allows; end one first.`),
    connectionsOfServer: (limit)=>new EgressRefusal('EGRESS_LIMIT', `The functions of this server have ${limit} connections open, as many as GLAMBDAR_EGRESS_SERVER_CONNECTIONS ` + 'allows; try again later.'),
    timeout: (limitMs)=>new EgressRefusal('ETIMEDOUT', `There was no connection within ${limitMs} ms (GLAMBDAR_EGRESS_CONNECT_TIMEOUT_MS).`),
    unknownName: (host)=>new EgressRefusal('ENOTFOUND', `There is no address for ${host}.`),
    noAnswerAboutName: (host)=>new EgressRefusal('EAI_AGAIN', `The name servers did not answer about ${host}; try again shortly.`),
    fault: ()=>new EgressRefusal('EAI_AGAIN', 'The connection could not be made; try again shortly.'),
    connecting: (code, host, port)=>new EgressRefusal(code, `${destinationText(host, port)} could not be reached.`)
};

//# sourceMappingURL=egress-refusal.js.map