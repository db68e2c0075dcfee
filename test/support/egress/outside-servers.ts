import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { createSecureServer } from 'node:http2';
import { createServer as createHttpsServer } from 'node:https';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { WebSocketServer } from 'ws';
import { certificate, privateKey } from './certificate.js';
import { answerPostgres, answerRedis } from './protocol-stubs.js';

export type OutsideName = 'http' | 'https' | 'http2' | 'echo' | 'greeting' | 'postgres' | 'redis';

const secured = { cert: certificate, key: privateKey };

const tellPath: RequestListener = (request, response) => {
  response.end(request.method === 'GET' ? `path ${request.url ?? ''}` : '{"called":true}');
};

/** Servers of many kinds on this machine's loopback, for functions that may reach it. */
export class OutsideServers {
  private readonly open = new Set<Socket>();

  private constructor(private readonly servers: Readonly<Record<OutsideName, Server>>) {}

  static async start(): Promise<OutsideServers> {
    const servers = {
      http: createHttpServer(tellPath),
      https: createHttpsServer(secured, tellPath),
      http2: createSecureServer(secured, (request, response) => void response.end(`path ${request.url}`)),
      echo: createServer({ allowHalfOpen: true }, (socket) =>
        socket.on('error', () => undefined).pipe(socket),
      ),
      greeting: createServer((socket) => socket.end('welcome')),
      postgres: createServer(answerPostgres),
      redis: createServer(answerRedis),
    };
    for (const server of [servers.http, servers.https]) {
      new WebSocketServer({ server }).on('connection', (socket) => {
        socket.on('message', (text: Buffer) => {
          socket.send(`heard ${text.toString()}`);
        });
      });
    }
    const outside = new OutsideServers(servers);
    await Promise.all(Object.values(outside.servers).map((server) => outside.listen(server)));
    return outside;
  }

  get ports(): Record<OutsideName, number> {
    const ports = Object.entries(this.servers).map(([name, server]) => [
      name,
      (server.address() as AddressInfo).port,
    ]);
    return Object.fromEntries(ports) as Record<OutsideName, number>;
  }

  stop(): void {
    for (const server of Object.values(this.servers)) server.close();
    for (const socket of this.open) socket.destroy();
  }

  private listen(server: Server): Promise<void> {
    server.on('connection', (socket) => {
      this.open.add(socket);
      socket.once('close', () => this.open.delete(socket));
    });
    return new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  }
}
