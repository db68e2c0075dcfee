import dns from 'node:dns';
import { isIP } from 'node:net';
import type { RecordType } from '../../src/ipc/protocol/egress.js';
import { asciiHost, isInside } from './destination.js';
import { recordsSubject } from './egress-error.js';
import { askProxy } from './proxy-client.js';

type Found = (error: Error | null, records?: unknown) => void;

/** Asks for the DNS records of a name outside; returns what ends the query. */
export type FindRecords = (type: RecordType, name: string, found: Found) => () => void;

type Resolve = (this: unknown, name: unknown, ...rest: unknown[]) => unknown;
type Methods = Record<string, Resolve>;

/** The methods that ask for one type of records. */
const typeOfMethod: Readonly<Record<string, RecordType>> = {
  resolve4: 'A',
  resolve6: 'AAAA',
  resolveCaa: 'CAA',
  resolveCname: 'CNAME',
  resolveMx: 'MX',
  resolveNaptr: 'NAPTR',
  resolveNs: 'NS',
  resolvePtr: 'PTR',
  resolveSoa: 'SOA',
  resolveSrv: 'SRV',
  resolveTxt: 'TXT',
};

/** The types that the host does not look up. */
const unsupportedTypes = { resolveAny: 'ANY', resolveTlsa: 'TLSA' } as const;

const types = new Set<unknown>(Object.values(typeOfMethod));

/** Asks the egress proxy, which answers about names that the function may connect to. */
export function recordsFromProxy(gatePath: string): FindRecords {
  return (type, name, found) =>
    askProxy(
      gatePath,
      { kind: 'query', type, host: name },
      {
        onGranted: ({ socket, records }) => {
          socket.destroy();
          found(null, records);
        },
        onRefused: found,
      },
    );
}

/**
 * Everything in `dns` that asks name servers, of which the container has none: the functions, the `Resolver`s, and both
 * with promises. A program can set and read name servers as usual, which makes no difference. What breaks Node's own
 * rules, and what is about the container itself, is left to Node.
 */
export function patchRecords(find: FindRecords): void {
  const asked = new PendingQueries(find);
  patchMethods(dns as unknown as Methods, asked, withCallback);
  patchMethods(dns.Resolver.prototype as unknown as Methods, asked, withCallback);
  patchMethods(dns.promises as unknown as Methods, asked, withPromise);
  patchMethods(dns.promises.Resolver.prototype as unknown as Methods, asked, withPromise);
}

type Style = (ask: Ask, original: Resolve) => Resolve;
type Ask = (resolver: unknown, name: unknown, options: unknown, found: Found) => boolean;

function patchMethods(target: Methods, asked: PendingQueries, style: Style): void {
  const patch = (method: string, ask: Ask) => {
    const original = target[method];
    if (original) target[method] = style(ask, original);
  };
  for (const [method, type] of Object.entries({ ...typeOfMethod, ...unsupportedTypes })) {
    patch(method, (resolver, name, options, found) => asked.ask(resolver, { type, name, options }, found));
  }
  patch('reverse', (resolver, name, _, found) => {
    const isAddress = typeof name === 'string' && isIP(name) > 0;
    return (
      isAddress && isOutside(name) && asked.ask(resolver, { type: 'PTR', name, options: undefined }, found)
    );
  });
  patch('resolve', (resolver, name, type, found) =>
    asked.ask(resolver, { type: type ?? 'A', name, options: undefined }, found),
  );
  patch(
    'lookupService',
    (_, address, _port, found) => isOutside(address) && unsupported('the name of a service', address, found),
  );
  const { cancel } = target;
  if (!cancel) return;
  target['cancel'] = function cancelAll(this: unknown, ...rest) {
    asked.cancel(this);
    return cancel.call(this, ...rest);
  };
}

const withCallback: Style = (ask, original) =>
  function resolveOutside(this: unknown, name, ...rest) {
    const callback = rest.at(-1);
    const isAsked =
      typeof callback === 'function' &&
      ask(this, name, rest.length > 1 ? rest[0] : undefined, callback as Found);
    return isAsked ? undefined : original.call(this, name, ...rest);
  };

const withPromise: Style = (ask, original) =>
  function resolveOutside(this: unknown, name, ...rest) {
    const { promise, resolve, reject }: PromiseWithResolvers<unknown> = Promise.withResolvers();
    const isAsked = ask(this, name, rest[0], (error, records) => {
      if (error) reject(error);
      else resolve(records);
    });
    return isAsked ? promise : original.call(this, name, ...rest);
  };

interface Query {
  readonly type: unknown;
  readonly name: unknown;
  readonly options: unknown;
}

/** The queries of each resolver that have no answer yet, so that they can be cancelled. */
class PendingQueries {
  private readonly byResolver = new WeakMap<object, Set<() => void>>();
  private readonly find: FindRecords;

  constructor(find: FindRecords) {
    this.find = find;
  }

  /** False if it is not a query for the outside. */
  ask(resolver: unknown, { type, name, options }: Query, found: Found): boolean {
    if (typeof name !== 'string' || name === '') return false;
    if (Object.values<unknown>(unsupportedTypes).includes(type))
      return unsupported(`${String(type)} records`, name, found);
    if (!types.has(type)) return false;
    if (isInside(name)) return unknownToNameServers(name, found);
    const wanted = type as RecordType;
    const pending = this.pendingOf(resolver);
    const host = asciiHost(name.replace(/\.$/, ''));
    const end = this.find(wanted, host, (error, records) => {
      pending.delete(giveUp);
      if (error) found(error);
      else found(null, asNodeGives(wanted, records, options));
    });
    const giveUp = () => {
      end();
      const { syscall } = recordsSubject(wanted, name);
      const error = Object.assign(new Error(`${syscall} ECANCELLED ${name}`), {
        code: 'ECANCELLED',
        syscall,
      });
      process.nextTick(found, Object.assign(error, { hostname: name }));
    };
    pending.add(giveUp);
    return true;
  }

  cancel(resolver: unknown): void {
    const pending = this.pendingOf(resolver);
    for (const giveUp of pending) giveUp();
    pending.clear();
  }

  /** A method called without its object has no resolver, and nobody can cancel its query. */
  private pendingOf(resolver: unknown): Set<() => void> {
    const key = typeof resolver === 'object' && resolver !== null ? resolver : this;
    const known = this.byResolver.get(key) ?? new Set();
    this.byResolver.set(key, known);
    return known;
  }
}

function isOutside(name: unknown): name is string {
  return typeof name === 'string' && !isInside(name);
}

/** Addresses come without their `ttl`, unless the program asks for it. */
function asNodeGives(type: RecordType, records: unknown, options: unknown): unknown {
  const withTtl = (options as { readonly ttl?: boolean } | undefined)?.ttl === true;
  if ((type !== 'A' && type !== 'AAAA') || withTtl) return records;
  return (records as readonly { readonly address: string }[]).map(({ address }) => address);
}

/** Node would ask a name server of the container, which has none. */
function unknownToNameServers(name: string, found: Found): true {
  const sentence = `No name server is asked for ${name}, which is the function's own container; dns.lookup knows it.`;
  const error = Object.assign(new Error(`ENOTFOUND: ${sentence}`), { code: 'ENOTFOUND', hostname: name });
  process.nextTick(found, error);
  return true;
}

function unsupported(what: string, name: string, found: Found): true {
  const sentence = `A function cannot ask for ${what} of ${name}: that is not supported here. Ask for one of the kinds ${[...types].join(', ')}.`;
  const error = Object.assign(new Error(`ENOTIMP: ${sentence}`), { code: 'ENOTIMP', hostname: name });
  process.nextTick(found, error);
  return true;
}
