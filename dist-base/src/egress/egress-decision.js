import { parseHost } from '../common/network/host.js';
import { refusals } from './egress-refusal.js';
/**
 * The addresses that a request may have; a connection goes to one of these and no other. First the function's own
 * list is asked, so that a name nobody allowed is not even looked up; then every address is judged by itself, whatever
 * the name says. Rejects with `EgressRefusal`.
 */ export async function permittedAddresses(request, parts) {
    const host = parseHost(request.host);
    if (!host) throw refusals.invalid();
    const port = request.kind === 'connect' ? request.port : undefined;
    const permission = permissionFor(host, port, parts);
    if (permission === 'none') throw refusals.notAllowed(host.text, port);
    const addresses = host.kind === 'address' ? [
        host.text
    ] : await parts.resolver.resolve(host.text);
    const permitted = addresses.filter((address)=>parts.policy.permits(address, permission));
    if (permitted.length === 0) throw refusals.address(host.text);
    if (request.kind === 'resolve') parts.resolved.remember(host.text, permitted);
    return permitted;
}
/** An address counts as itself and as each name that it was given out for. */ function permissionFor(host, port, { allowList, resolved }) {
    const names = host.kind === 'address' ? resolved.namesOf(host.text) : [];
    const permissions = [
        host.text,
        ...names
    ].map((name)=>allowList.permissionFor(name, port));
    return permissions.find((one)=>one === 'named') ?? permissions.find((one)=>one === 'public') ?? 'none';
}

//# sourceMappingURL=egress-decision.js.map