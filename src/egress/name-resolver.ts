import { Resolver } from 'node:dns/promises';
import { isIP } from 'node:net';
import type { RecordType } from '../ipc/protocol/egress.js';
import { isRecordsCode, refusals } from './egress-refusal.js';

/** Looks up names outside. */
export abstract class NameResolver {
  /** IPv4 first. Rejects with `EgressRefusal` (`ENOTFOUND`, `EAI_AGAIN`). */
  abstract resolve(name: string): Promise<readonly string[]>;
  /**
   * As Node's `dns` returns them: a list, one object for `SOA`; addresses with their `ttl`. `PTR` of an address is its
   * name. Rejects with `EgressRefusal`; with `ENOTFOUND` or `ENODATA` if there are none.
   */
  abstract records(type: RecordType, name: string): Promise<unknown>;
}

const timeoutMs = 2000;
const tries = 2;
const maxAddresses = 16;

/** No such name, or none with an address of this kind. */
const unknownCodes = new Set(['ENOTFOUND', 'ENODATA']);

/**
 * Asks the name servers directly. The system's `getaddrinfo` would also read the machine's hosts file, whose names are
 * not meant for functions, and would hold one of the few threads that all disk access needs until a slow server answers.
 */
export class DnsNameResolver extends NameResolver {
  /** The second attempt is as short as the first: a request that waits for an answer holds a permit. */
  private readonly resolver = new Resolver({ timeout: timeoutMs, maxTimeout: timeoutMs, tries });

  /** Asks `servers` instead of the system's, unless the list is empty. */
  constructor(servers: readonly string[]) {
    super();
    if (servers.length > 0) this.resolver.setServers(servers);
  }

  override async resolve(name: string): Promise<readonly string[]> {
    const answers = await Promise.allSettled([this.resolver.resolve4(name), this.resolver.resolve6(name)]);
    const addresses = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
    if (addresses.length > 0) return addresses.slice(0, maxAddresses);
    const isUnknown = answers.every(
      (answer) => answer.status === 'fulfilled' || unknownCodes.has(codeOf(answer.reason)),
    );
    throw isUnknown ? refusals.unknownName(name) : refusals.noAnswerAboutName(name);
  }

  override async records(type: RecordType, name: string): Promise<unknown> {
    try {
      return await this.ask(type, name);
    } catch (error) {
      const code = codeOf(error);
      throw refusals.noRecords(isRecordsCode(code) ? code : 'ESERVFAIL', type, name);
    }
  }

  private ask(type: RecordType, name: string): Promise<unknown> {
    if (type === 'A') return this.resolver.resolve4(name, { ttl: true });
    if (type === 'AAAA') return this.resolver.resolve6(name, { ttl: true });
    return type === 'PTR' && isIP(name) > 0 ? this.resolver.reverse(name) : this.resolver.resolve(name, type);
  }
}

function codeOf(reason: unknown): string {
  return (reason as NodeJS.ErrnoException).code ?? '';
}
