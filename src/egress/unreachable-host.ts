import { isLocalhost, isLoopback } from '../common/network/host.js';
import type { AddressPolicy } from './address-policy.js';
import type { NameResolver } from './name-resolver.js';

const operatorsPart =
  'Calls will fail with EGRESS_ADDRESS_REFUSED unless whoever runs the server adds it to GLAMBDAR_EGRESS_ALLOWED_RANGES.';

/**
 * What keeps a host that somebody names from being reached, as the rest of a sentence about it; undefined where
 * nothing is known to. The address of a name is not told: it need not be known to whoever asks.
 */
export async function whyUnreachable(
  host: string,
  { policy, resolver }: { readonly policy: AddressPolicy; readonly resolver: NameResolver },
): Promise<string | undefined> {
  if (host.endsWith('.docker.internal')) {
    return `is a name of Docker's own networks, which functions are not in: name the address of the server's machine.`;
  }
  const isOfMachine = isLoopback(host) || isLocalhost(host);
  const isAddress = host.includes(':') || /^[\d.]+$/.test(host);
  const addresses = isAddress ? [host] : isOfMachine ? ['127.0.0.1'] : await known(host, resolver);
  if (addresses.length === 0 || addresses.some((address) => policy.permits(address, 'named')))
    return undefined;
  if (isOfMachine) return `is the server's own machine. ${operatorsPart}`;
  return `${isAddress ? 'is no public address' : 'is at no public address'}. ${operatorsPart}`;
}

/** A name that nobody knows now may be made later, and one may have records of other kinds alone. */
async function known(name: string, resolver: NameResolver): Promise<readonly string[]> {
  return resolver.resolve(name).catch(() => []);
}
