import { createServer, request, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A reverse proxy that serves another server below a path, and tells it how it was called itself. */
export class PrefixProxy {
  private constructor(
    private readonly server: Server,
    private readonly prefix: string,
  ) {}

  /** `claims` are what it sends besides, as a proxy that adds to what its own client has sent. */
  static async start(target: string, prefix: string, claims: IncomingHttpHeaders = {}): Promise<PrefixProxy> {
    const server = createServer((incoming, outgoing) => {
      const headers = {
        ...incoming.headers,
        host: new URL(target).host,
        ...claims,
        'x-forwarded-for': '203.0.113.9',
        'x-forwarded-host': incoming.headers.host,
        'x-forwarded-prefix': prefix,
      };
      const url = target + (incoming.url ?? '').slice(prefix.length);
      const onward = request(url, { method: incoming.method, headers }, (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      });
      incoming.pipe(onward);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new PrefixProxy(server, prefix);
  }

  get host(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** What is served below it, as its clients call it. */
  get url(): string {
    return `http://${this.host}${this.prefix}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
