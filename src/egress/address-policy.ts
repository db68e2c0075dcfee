import { BlockList } from 'node:net';
import { networkInterfaces } from 'node:os';
import { rangesOf, isPublicAddress } from './special-addresses.js';

/**
 * Which addresses a function may reach, whatever name led to them. Never this machine's own: a service that trusts
 * its own host would take the function for it.
 */
export class AddressPolicy {
  private readonly allowed: BlockList;

  /** `allowedRanges` are open to rules that name a host, also where they are private or of this machine. */
  constructor(allowedRanges: readonly string[]) {
    this.allowed = rangesOf(allowedRanges);
  }

  permits(address: string, permission: 'named' | 'public'): boolean {
    const family = address.includes(':') ? 'ipv6' : 'ipv4';
    if (permission === 'named' && this.allowed.check(address, family)) return true;
    return isPublicAddress(address) && !isOfThisMachine(address);
  }
}

/** Asked each time, because a machine's addresses change while it runs. */
function isOfThisMachine(address: string): boolean {
  return Object.values(networkInterfaces()).some((own) => own?.some((one) => one.address === address));
}
