import { connect } from 'node:net';
import { egressCodes } from '../ipc/protocol/egress.js';
import { refusals } from './egress-refusal.js';
/**
 * Connects to the first address that answers, IPv4 and IPv6 by turns; gives the socket at once. Node asks no name
 * server: it is handed what was judged.
 */ export function dial({ port, addresses }) {
    const known = addresses.map((address)=>({
            address,
            family: address.includes(':') ? 6 : 4
        }));
    return connect({
        // A name that nobody resolves: what counts is what `lookup` gives.
        host: 'destination',
        port,
        autoSelectFamily: true,
        allowHalfOpen: true,
        noDelay: true,
        lookup: (_name, _options, found)=>{
            found(null, known);
        }
    });
}
/** What the function is told of a failed connection: the system's code where it is an ordinary one. */ export function refusalOf(error, { host, port }) {
    // Several addresses fail with one error each; the first says enough.
    const first = error instanceof AggregateError ? error.errors[0] : error;
    const code = egressCodes.find((known)=>known === first.code) ?? 'ECONNREFUSED';
    return refusals.connecting(code, host, port);
}

//# sourceMappingURL=dial.js.map