import type { FunctionName } from '../function-name.js';

/** Which function has which host name, in memory: each name has one owner, as the store sees to. */
export class HostIndex {
  private readonly ownerByHost = new Map<string, FunctionName>();
  private readonly hostsByOwner = new Map<FunctionName, readonly string[]>();
  /** Names with capitals, by how they are written without; the others are their own label. */
  private readonly withCapitals = new Map<string, readonly FunctionName[]>();

  get isEmpty(): boolean {
    return this.ownerByHost.size === 0;
  }

  /** The function that has chosen this host, in lower case. */
  ownerOf(host: string): FunctionName | undefined {
    return this.ownerByHost.get(host);
  }

  /** Names of functions that have capitals and are this label without them. */
  capitalised(label: string): readonly FunctionName[] {
    return this.withCapitals.get(label) ?? [];
  }

  add(name: FunctionName, hosts: readonly string[]): void {
    const label = name.toLowerCase();
    if (label !== name) this.withCapitals.set(label, [...this.capitalised(label), name]);
    this.set(name, hosts);
  }

  set(name: FunctionName, hosts: readonly string[]): void {
    for (const host of this.hostsByOwner.get(name) ?? []) {
      // Changes of two functions may become known in another order than they were made in.
      if (this.ownerByHost.get(host) === name) this.ownerByHost.delete(host);
    }
    for (const host of hosts) this.ownerByHost.set(host, name);
    if (hosts.length > 0) this.hostsByOwner.set(name, hosts);
    else this.hostsByOwner.delete(name);
  }

  delete(name: FunctionName): void {
    this.set(name, []);
    const label = name.toLowerCase();
    const others = this.capitalised(label).filter((one) => one !== name);
    if (others.length > 0) this.withCapitals.set(label, others);
    else this.withCapitals.delete(label);
  }
}
