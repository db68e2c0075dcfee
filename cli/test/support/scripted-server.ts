import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface SeenRequest {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface ScriptedAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Text is sent as it is, everything else as JSON. */
  readonly body?: unknown;
}

type Script = (request: SeenRequest) => ScriptedAnswer | undefined;

/** A real HTTP server that answers as a spec says, by method and path: `{ 'GET /info': { body: … } }`. */
export class ScriptedServer {
  readonly seen: SeenRequest[] = [];

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async start(script: Readonly<Record<string, ScriptedAnswer>> | Script): Promise<ScriptedServer> {
    const answerTo: Script =
      typeof script === 'function'
        ? script
        : ({ method, path }) =>
            script[`${method} ${path}`] ?? script[`${method} ${path.split('?')[0] ?? ''}`];
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const scripted = new ScriptedServer(server, `http://127.0.0.1:${port}`);
    server.on('request', (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const { method = '', url: path = '', headers } = request;
        const seen = { method, path, headers, body: Buffer.concat(chunks).toString() };
        scripted.seen.push(seen);
        const { status = 200, headers: own = {}, body } = answerTo(seen) ?? unscripted(seen);
        const isText = typeof body === 'string';
        const type = isText ? 'text/plain' : status < 400 ? 'application/json' : 'application/problem+json';
        response.writeHead(status, { 'content-type': type, ...own });
        response.end(body === undefined ? undefined : isText ? body : JSON.stringify(body));
      });
    });
    return scripted;
  }

  async stop(): Promise<void> {
    this.server.close();
    this.server.closeAllConnections();
    await once(this.server, 'close');
  }
}

/** As Glambdar words it. */
export function problem(status: number, code: string, detail: string, more: object = {}): ScriptedAnswer {
  return {
    status,
    body: { type: `urn:glambdar:${code}`, title: code, status, detail, code, error: detail, ...more },
  };
}

function unscripted({ method, path }: SeenRequest): ScriptedAnswer {
  return problem(404, 'ROUTE_NOT_FOUND', `The script has no ${method} ${path}.`);
}
