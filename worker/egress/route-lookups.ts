import dns from 'node:dns';
import { isIP } from 'node:net';
import { promisify } from 'node:util';
import { asciiHost, isInside } from './destination.js';
import { egressError } from './egress-error.js';
import { askProxy } from './proxy-client.js';

interface LookupOptions {
  readonly family?: number | string | undefined;
  readonly all?: boolean | undefined;
}

interface LookupAddress {
  readonly address: string;
  readonly family: number;
}

type LookupCallback = (error: Error | null, address?: string | LookupAddress[], family?: number) => void;

/** Finds the addresses of a name outside. */
export type FindAddresses = (
  host: string,
  found: (error: Error | null, addresses?: readonly string[]) => void,
) => void;

/** Asks the egress proxy, which answers for names that the function may connect to. */
export function addressesFromProxy(gatePath: string): FindAddresses {
  return (host, found) => {
    askProxy(
      gatePath,
      { kind: 'resolve', host: asciiHost(host) },
      {
        onGranted: ({ socket, addresses }) => {
          socket.destroy();
          found(null, addresses);
        },
        onRefused: found,
      },
    );
  };
}

/**
 * `dns.lookup` for names outside, for which the container has neither a file nor a name server. Names and addresses of the
 * container itself are looked up as usual.
 */
export function patchLookup(find: FindAddresses): void {
  const lookUpInside = dns.lookup as (...args: unknown[]) => void;
  const lookup = (host: unknown, ...rest: unknown[]): void => {
    const callback = rest.at(-1) as LookupCallback;
    if (typeof host !== 'string' || isIP(host) > 0 || isInside(host) || typeof callback !== 'function') {
      lookUpInside(host, ...rest);
      return;
    }
    const options = rest.length > 1 ? optionsOf(rest[0]) : {};
    find(host, (error, addresses = []) => {
      answer(host, { error, addresses, options }, callback);
    });
  };
  const lookupPromise = (host: string, options?: unknown) =>
    new Promise((resolve, reject) => {
      lookup(
        host,
        options ?? {},
        (error: Error | null, found?: string | LookupAddress[], family?: number) => {
          if (error) reject(error);
          else resolve(Array.isArray(found) ? found : { address: found, family });
        },
      );
    });
  const own = Object.assign(lookup, { [promisify.custom]: lookupPromise });
  Object.assign(dns, { lookup: own });
  Object.assign(dns.promises, { lookup: lookupPromise });
}

function optionsOf(options: unknown): LookupOptions {
  if (typeof options === 'number') return { family: options };
  return options ?? {};
}

interface Found {
  readonly error: Error | null;
  readonly addresses: readonly string[];
  readonly options: LookupOptions;
}

function answer(host: string, { error, addresses, options }: Found, callback: LookupCallback): void {
  const wanted = Number(String(options.family ?? 0).replace('IPv', ''));
  const found = addresses
    .map((address) => ({ address, family: isIP(address) }))
    .filter(({ family }) => wanted === 0 || family === wanted);
  const [first] = found;
  if (error) callback(error);
  else if (!first)
    callback(
      egressError('ENOTFOUND', `There is no address of this kind for ${host}.`, {
        syscall: 'getaddrinfo',
        host,
      }),
    );
  else if (options.all === true) callback(null, found);
  else callback(null, first.address, first.family);
}
