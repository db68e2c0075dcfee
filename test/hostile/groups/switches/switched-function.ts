import type { Client } from '../../server/client.js';

/** A function whose version changes while it is called, and which versions a call may have run. */
export class SwitchedFunction {
  /** Versions in the order in which they were asked to become current. */
  private readonly asked = [1];
  /** How many of them are acknowledged. */
  private acknowledged = 1;
  private newest = 1;

  constructor(
    readonly name: 'warm' | 'fresh',
    private readonly archive: (number: number) => Buffer,
  ) {}

  /** Rejects unless the answer is whole, and of a version that was current at some moment of the call. */
  async call(client: Client): Promise<void> {
    const first = this.acknowledged - 1;
    const { status, text } = await client.call(this.name);
    if (status !== 200) throw new Error(`${status} ${text}`);
    const possible = this.asked.slice(first);
    const seen = new Set(JSON.parse(text) as number[]);
    const [version] = seen;
    if (seen.size !== 1) throw new Error(`It ran several versions: ${text}`);
    if (!possible.includes(version ?? 0)) throw new Error(`It ran ${version}, not one of ${possible.join()}`);
  }

  /** Goes back to the version before, or on to a new one. */
  async switch(client: Client, goBack: boolean): Promise<void> {
    const current = this.asked.at(-1) ?? 1;
    const wanted = goBack ? current - 1 : this.newest + 1;
    this.asked.push(wanted);
    const answer = goBack
      ? await client.rollBack(this.name, wanted)
      : await client.publish(this.name, this.archive(wanted));
    if (answer.status !== 200) throw new Error(`${answer.status} ${answer.text}`);
    this.acknowledged = this.asked.length;
    this.newest = Math.max(this.newest, wanted);
  }
}
