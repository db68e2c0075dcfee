import { once } from 'node:events';
import {
  type ClientRequest,
  createServer,
  type IncomingMessage,
  request,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { EgressCode } from '../../src/ipc/protocol/egress.js';
import { passedHeaders } from '../../worker/egress/passed-headers.js';
import { askProxy } from '../../worker/egress/proxy-client.js';

const notAllowed: ReadonlySet<string> = new Set<EgressCode>([
  'EGRESS_REFUSED',
  'EGRESS_ADDRESS_REFUSED',
  'EGRESS_INVALID',
]);

/**
 * An HTTP proxy on the container's own loopback, which npm knows how to use. It decides nothing: the host's egress proxy,
 * behind the socket, does. Resolves to its URL.
 */
export async function startRelay(egressPath: string): Promise<string> {
  const server = createServer((incoming, outgoing) => {
    forward(egressPath, incoming, outgoing);
  });
  server.on('connect', (incoming: IncomingMessage, client: Duplex, head: Buffer) => {
    tunnel(egressPath, { authority: incoming.url ?? '', client, head });
  });
  server.on('clientError', (_, client) => client.destroy());
  server.listen(0, '127.0.0.1').unref();
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

interface Tunnel {
  readonly authority: string;
  readonly client: Duplex;
  readonly head: Buffer;
}

function tunnel(egressPath: string, { authority, client, head }: Tunnel): void {
  const target = URL.parse(`http://${authority}`);
  client.on('error', () => client.destroy());
  if (!target) {
    client.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n');
    return;
  }
  const cancel = connectOutside(egressPath, target, {
    connected(socket) {
      client.removeListener('close', cancel);
      socket.on('error', () => client.destroy()).on('close', () => client.destroy());
      client.on('close', () => socket.destroy());
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      if (head.length > 0) socket.write(head);
      client.pipe(socket).pipe(client);
    },
    refused(error) {
      client.end(
        `HTTP/1.1 ${statusOf(error)} ${reasonOf(error)}\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\n${error.message}\n`,
      );
    },
  });
  client.once('close', cancel);
}

function forward(egressPath: string, incoming: IncomingMessage, outgoing: ServerResponse): void {
  const url = URL.parse(incoming.url ?? '');
  const refuse = (status: number, error: Error) => {
    if (outgoing.headersSent) outgoing.destroy();
    else {
      outgoing.writeHead(status, reasonOf(error), { 'content-type': 'text/plain' }).end(`${error.message}\n`);
    }
  };
  if (url?.protocol !== 'http:') {
    refuse(400, new Error('This is a proxy: send it a whole http URL, or CONNECT.'));
    return;
  }
  const cancel = connectOutside(egressPath, url, {
    connected(socket) {
      const onward = requestOver(socket, url, incoming);
      onward.on('response', (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.statusMessage, answer.headers);
        answer.pipe(outgoing);
      });
      onward.on('error', (error) => {
        refuse(502, error);
      });
      outgoing.on('close', () => onward.destroy());
      incoming.pipe(onward);
    },
    refused(error) {
      refuse(statusOf(error), error);
    },
  });
  outgoing.once('close', cancel);
}

function requestOver(socket: Socket, url: URL, { method, headers }: IncomingMessage): ClientRequest {
  return request(url, { method, headers: passedHeaders(headers), createConnection: () => socket });
}

interface Outside {
  connected(socket: Socket): void;
  refused(error: Error): void;
}

/** Every host is outside, loopback addresses too: nothing in this container is worth a connection. */
function connectOutside(egressPath: string, { hostname, port, protocol }: URL, outside: Outside): () => void {
  const host = hostname.replace(/^\[|\]$/g, '');
  const usual = protocol === 'https:' ? 443 : 80;
  return askProxy(
    egressPath,
    { kind: 'connect', host, port: Number(port || usual) },
    {
      onGranted({ socket, rest }) {
        if (rest.length > 0) socket.unshift(rest);
        outside.connected(socket);
      },
      onRefused(error) {
        outside.refused(error);
      },
    },
  );
}

/** npm asks again where a connection failed, which may pass, and not where none is allowed. */
function statusOf({ code = '' }: NodeJS.ErrnoException): number {
  return notAllowed.has(code) ? 403 : 502;
}

/** The reason phrase is what npm shows of a proxy that refuses. */
function reasonOf(error: Error): string {
  return error.message.replace(/[^ -~]/g, ' ').slice(0, 200);
}
