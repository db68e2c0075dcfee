import { WebSocketServer } from 'ws';
import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { createSecureServer } from 'node:http2';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';

const lengthBytes = 4;

/** PostgreSQL's protocol, version 3, as far as one client with one simple query needs it: every answer is `one: 1`. */
function answerPostgres(socket: Socket): void {
  let received = Buffer.alloc(0);
  let isStarted = false;
  socket.on('error', () => undefined);
  socket.on('data', (chunk: Buffer) => {
    received = Buffer.concat([received, chunk]);
    // The first message has no type; all others begin with a letter.
    for (;;) {
      const typeBytes = isStarted ? 1 : 0;
      if (received.length < typeBytes + lengthBytes) return;
      const size = typeBytes + received.readUInt32BE(typeBytes);
      if (received.length < size) return;
      const type = isStarted ? String.fromCharCode(received[0] ?? 0) : 'start';
      received = received.subarray(size);
      isStarted = true;
      if (type === 'start') socket.write(Buffer.concat([message('R', int32(0)), ready]));
      if (type === 'Q') socket.write(oneRow);
      if (type === 'X') socket.end();
    }
  });
}

function int16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeInt16BE(value);
  return bytes;
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

function message(type: string, ...parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  return Buffer.concat([Buffer.from(type), int32(body.length + lengthBytes), body]);
}

const ready = message('Z', Buffer.from('I'));
const int4Type = 23;
const column = [Buffer.from('one\0'), int32(0), int16(0), int32(int4Type), int16(4), int32(-1), int16(0)];
const oneRow = Buffer.concat([
  message('T', int16(1), ...column),
  message('D', int16(1), int32(1), Buffer.from('1')),
  message('C', Buffer.from('SELECT 1\0')),
  ready,
]);

/** Redis's protocol for commands that arrive whole: keeps what `SET` gives it. */
function answerRedis(socket: Socket): void {
  const kept = new Map<string, string>();
  socket.on('error', () => undefined);
  socket.setEncoding('latin1');
  socket.on('data', (text: string) => {
    for (const command of text.split(/(?=\*\d+\r\n)/)) {
      const words = [...command.matchAll(/\$\d+\r\n([^\r]*)\r\n/g)].map(([, word = '']) => word);
      socket.write(redisAnswer(words, kept));
    }
  });
}

function redisAnswer(
  [name = '', key = '', value = '']: readonly string[],
  kept: Map<string, string>,
): string {
  const bulk = (text: string) => `$${text.length}\r\n${text}\r\n`;
  switch (name.toLowerCase()) {
    case 'info':
      return bulk('redis_version:7.0.0\r\nloading:0\r\n');
    case 'set':
      kept.set(key, value);
      return '+OK\r\n';
    case 'get':
      return bulk(kept.get(key) ?? '');
    default:
      return '+OK\r\n';
  }
}

/** Of `service.test` and the names below it, signed by itself and valid for a century. Nobody but these tests trusts it. */
export const certificate = `-----BEGIN CERTIFICATE-----
MIIBrTCCAVSgAwIBAgIUBS4T31Nr+py7PFpJXPR2bmfS5nkwCgYIKoZIzj0EAwIw
FzEVMBMGA1UEAwwMc2VydmljZS50ZXN0MCAXDTI2MTEyMjIyNDAwNFoYDzIxMjYx
MDI5MjI0MDA0WjAXMRUwEwYDVQQDDAxzZXJ2aWNlLnRlc3QwWTATBgcqhkjOPQIB
BggqhkjOPQMBBwNCAASsf/pPH+D1sDfnxtxZxBBE/+9FXeUHZljwd0neLFynx1Th
ZPj/GS87aPQW8ap9Jp0FLNMYzHwR/eCOLr+qYoRoo3wwejAdBgNVHQ4EFgQU9PHL
FHZB0Cd3+p9+XN17qm1oISUwHwYDVR0jBBgwFoAU9PHLFHZB0Cd3+p9+XN17qm1o
ISUwDwYDVR0TAQH/BAUwAwEB/zAnBgNVHREEIDAeggxzZXJ2aWNlLnRlc3SCDiou
c2VydmljZS50ZXN0MAoGCCqGSM49BAMCA0cAMEQCIBkpVl9P3oqMAbxhxNQVDOY+
8i1DxKHadhc5pLNhSzgxAiBGDvEE4QJoUzcuvH4ddBGMTNXat145r4dEmODkp/xu
+g==
-----END CERTIFICATE-----
`;

const privateKey = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQghMxX3yLZF7gs0C6g
DOEweRIoltyhVz8mThE5ALp+BT6hRANCAASsf/pPH+D1sDfnxtxZxBBE/+9FXeUH
Zljwd0neLFynx1ThZPj/GS87aPQW8ap9Jp0FLNMYzHwR/eCOLr+qYoRo
-----END PRIVATE KEY-----
`;

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
