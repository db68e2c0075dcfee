interface Resolved {
  readonly name: string;
  readonly addresses: readonly string[];
}

const maxNames = 64;
/** Of one name, IPv4 and IPv6 together, which may be asked for one after the other. */
const maxAddresses = 32;

/**
 * What names a container has lately been given addresses of. Some programs resolve a name first and connect to the
 * address then: that is as allowed as the name. The oldest are forgotten.
 */
export class ResolvedNames {
  private recent: readonly Resolved[] = [];

  remember(name: string, addresses: readonly string[]): void {
    const earlier = this.recent.find((resolved) => resolved.name === name)?.addresses ?? [];
    const others = this.recent.filter((resolved) => resolved.name !== name);
    const all = [...new Set([...addresses, ...earlier])].slice(0, maxAddresses);
    this.recent = [{ name, addresses: all }, ...others].slice(0, maxNames);
  }

  namesOf(address: string): string[] {
    return this.recent.filter(({ addresses }) => addresses.includes(address)).map(({ name }) => name);
  }
}
