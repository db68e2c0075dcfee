/** What is used of the package, which Express brings; its types would be a package of their own. */
declare module 'proxy-addr' {
  import type { IncomingMessage } from 'node:http';

  /** The connection's address, then the entries of `X-Forwarded-For` from the right, up to the first not trusted. */
  function all(request: IncomingMessage, trust: (address: string, index: number) => boolean): string[];

  export default { all };
}
