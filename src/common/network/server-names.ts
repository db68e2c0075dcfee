/** The host names under which the server itself is known, this machine's own and those the operator has named. */
export class ServerNames {
  constructor(private readonly names: ReadonlySet<string>) {}

  /** `host` is in lower case, without a port. */
  includes(host: string): boolean {
    return this.names.has(host);
  }
}
