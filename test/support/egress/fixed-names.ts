import { refusals } from '../../../src/egress/egress-refusal.js';
import { NameResolver } from '../../../src/egress/name-resolver.js';

/** Answers from a table, and counts what it was asked. A name with several answers gives one after the other. */
export class FixedNames extends NameResolver {
  readonly asked: string[] = [];
  private readonly answers: Map<string, (readonly string[])[]>;

  constructor(answers: Readonly<Record<string, readonly string[] | (readonly string[])[]>>) {
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
}
