import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
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
  /** Pieces of a stream, one after the other, in place of a body. */
  readonly pieces?: readonly string[];
  /** The connection is cut after what is written, as by a crash. */
  readonly breaksOff?: boolean;
  /** More may come. */
  readonly staysOpen?: boolean;
}

type Script = (request: SeenRequest) => ScriptedAnswer | undefined;

const running = new Set<ScriptedServer>();

/** For `afterEach`: ends all servers that a spec has started. */
export async function stopScriptedServers(): Promise<void> {
  for (const server of running) await server.stop();
}

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
    running.add(scripted);
    server.on('request', (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const { method = '', url: path = '', headers } = request;
        const seen = { method, path, headers, body: Buffer.concat(chunks).toString() };
        scripted.seen.push(seen);
        answer(response, answerTo(seen) ?? unscripted(seen));
      });
    });
    return scripted;
  }

  async stop(): Promise<void> {
    if (!running.delete(this)) return;
    this.server.close();
    this.server.closeAllConnections();
    await once(this.server, 'close');
  }
}

function answer(
  response: ServerResponse,
  { status = 200, headers = {}, body, pieces, breaksOff, staysOpen }: ScriptedAnswer,
): void {
  const isText = typeof body === 'string';
  const type = isText ? 'text/plain' : status < 400 ? 'application/json' : 'application/problem+json';
  response.writeHead(status, { 'content-type': type, ...headers });
  for (const piece of pieces ?? []) response.write(piece);
  if (body !== undefined) response.write(isText ? body : JSON.stringify(body));
  // What is written has arrived before the connection is cut.
  if (breaksOff === true) response.write(' ', () => response.socket?.destroy());
  else if (staysOpen !== true) response.end();
}

/** As Glambdar words it. */
export function problem(status: number, code: string, detail: string, more: object = {}): ScriptedAnswer {
  return {
    status,
    body: {
      type: `urn:glambdar:error:${code.toLowerCase().replaceAll('_', '-')}`,
      title: code,
      status,
      detail,
      code,
      error: detail,
      ...more,
    },
  };
}

function unscripted({ method, path }: SeenRequest): ScriptedAnswer {
  return problem(404, 'ROUTE_NOT_FOUND', `The script has no ${method} ${path}.`);
}
