import { networkInterfaces } from 'node:os';
import { rangesOf, isPublicAddress } from './special-addresses.js';
/**
 * Which addresses a function may reach, whatever name led to them. Never this machine's own: a service that trusts
 * its own host would take the function for it.
 */ export class AddressPolicy {
    allowed;
    /** `allowedRanges` are open to rules that name a host, also where they are private or of this machine. */ constructor(allowedRanges){
        this.allowed = rangesOf(allowedRanges);
    }
    permits(address, permission) {
        const family = address.includes(':') ? 'ipv6' : 'ipv4';
        if (permission === 'named' && this.allowed.check(address, family)) return true;
        return isPublicAddress(address) && !isOfThisMachine(address);
    }
}
/** Asked each time, because a machine's addresses change while it runs. */ function isOfThisMachine(address) {
    return Object.values(networkInterfaces()).some((own)=>own?.some((one)=>one.address === address));
}

//# sourceMappingURL=address-policy.js.map