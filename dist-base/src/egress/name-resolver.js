import { Resolver } from 'node:dns/promises';
import { refusals } from './egress-refusal.js';
/** Asks what addresses a name has. */ export class NameResolver {
}
const timeoutMs = 2000;
const tries = 2;
const maxAddresses = 16;
/** No such name, or none with an address of this kind. */ const unknownCodes = new Set([
    'ENOTFOUND',
    'ENODATA'
]);
/**
 * Asks the name servers themselves. The system's own `getaddrinfo` would also read the machine's hosts file, whose names
 * are not meant for functions, and it holds one of the few threads that all disk access needs for as long as a slow
 * server takes.
 */ export class DnsNameResolver extends NameResolver {
    resolver = new Resolver({
        timeout: timeoutMs,
        tries
    });
    /** `servers` are asked instead of the system's, unless there are none. */ constructor(servers){
        super();
        if (servers.length > 0) this.resolver.setServers(servers);
    }
    async resolve(name) {
        const answers = await Promise.allSettled([
            this.resolver.resolve4(name),
            this.resolver.resolve6(name)
        ]);
        const addresses = answers.flatMap((answer)=>answer.status === 'fulfilled' ? answer.value : []);
        if (addresses.length > 0) return addresses.slice(0, maxAddresses);
        const isUnknown = answers.every((answer)=>answer.status === 'fulfilled' || unknownCodes.has(codeOf(answer.reason)));
        throw isUnknown ? refusals.unknownName(name) : refusals.noAnswerAboutName(name);
    }
}
function codeOf(reason) {
    return reason.code ?? '';
}

//# sourceMappingURL=name-resolver.js.map