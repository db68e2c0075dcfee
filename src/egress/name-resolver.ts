import { Resolver } from 'node:dns/promises';
import { isIP } from 'node:net';
import type { RecordType } from '../ipc/protocol/egress.js';
import { isRecordsCode, refusals } from './egress-refusal.js';

/** Asks what addresses a name has. */
export abstract class NameResolver {
  /** IPv4 first. Rejects with `EgressRefusal` (`ENOTFOUND`, `EAI_AGAIN`). */
  abstract resolve(name: string): Promise<readonly string[]>;
  /**
   * As Node's `dns` gives them: a list, of `SOA` one object; addresses with their `ttl`. `PTR` of an address is its name.
   * Rejects with `EgressRefusal`, `ENOTFOUND` and `ENODATA` where there are none.
   */
  abstract records(type: RecordType, name: string): Promise<unknown>;
}

const timeoutMs = 2000;
const tries = 2;
const maxAddresses = 16;

/** No such name, or none with an address of this kind. */
const unknownCodes = new Set(['ENOTFOUND', 'ENODATA']);

/**
 * Asks the name servers themselves. The system's own `getaddrinfo` would also read the machine's hosts file, whose names
 * are not meant for functions, and it holds one of the few threads that all disk access needs for as long as a slow
 * server takes.
 */
export class DnsNameResolver extends NameResolver {
  /** Asks again as soon as at first: who waits for an answer holds one of the places of all. */
  private readonly resolver = new Resolver({ timeout: timeoutMs, maxTimeout: timeoutMs, tries });

  /** `servers` are asked instead of the system's, unless there are none. */
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
