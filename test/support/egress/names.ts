import { isIP } from 'node:net';
import { refusals } from '../../../src/egress/egress-refusal.js';
import { NameResolver } from '../../../src/egress/name-resolver.js';
import type { RecordType } from '../../../src/ipc/protocol/egress.js';

/** Answers from a table, and counts what it was asked. A name with several answers gives one after the other. */
export class FixedNames extends NameResolver {
  readonly asked: string[] = [];
  private readonly answers: Map<string, (readonly string[])[]>;

  /** `records` other than addresses, by type and name: `SRV _db._tcp.test`. */
  constructor(
    answers: Readonly<Record<string, readonly string[] | (readonly string[])[]>>,
    private readonly otherRecords: Readonly<Record<string, unknown>> = {},
  ) {
    super();
    const lists = Object.entries(answers).map(([name, answer]) => {
      const isSeveral = answer.some((one) => typeof one !== 'string');
      return [name, (isSeveral ? answer : [answer]) as (readonly string[])[]] as const;
    });
    this.answers = new Map(lists);
  }

  override resolve(name: string): Promise<readonly string[]> {
    this.asked.push(name);
    const [first, ...later] = this.answers.get(name) ?? [];
    if (!first) return Promise.reject(refusals.unknownName(name));
    if (later.length > 0) this.answers.set(name, later);
    return Promise.resolve(first);
  }

  override async records(type: RecordType, name: string): Promise<unknown> {
    if (type === 'A' || type === 'AAAA') {
      const addresses = await this.resolve(name);
      const family = type === 'A' ? 4 : 6;
      return addresses.filter((one) => isIP(one) === family).map((address) => ({ address, ttl: 60 }));
    }
    this.asked.push(`${type} ${name}`);
    const found = this.otherRecords[`${type} ${name}`];
    if (found === undefined) throw refusals.noRecords('ENOTFOUND', type, name);
    return found;
  }
}

/** Name servers that say nothing before they are told what. */
export class SlowNames extends FixedNames {
  private readonly answered = Promise.withResolvers<readonly string[]>();

  constructor() {
    super({});
  }

  override resolve(): Promise<readonly string[]> {
    return this.answered.promise;
  }

  answer(addresses: readonly string[]): void {
    this.answered.resolve(addresses);
  }
}
