/** The proxy for child processes, in a thread of its own: `CONNECT`, and requests with a whole URL. */
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { workerData } from 'node:worker_threads';
import { passedHeaders } from './passed-headers.js';
import { routeConnections } from './route-connections.js';

const { gatePath, port } = workerData as { readonly gatePath: string; readonly port: Int32Array };

// Children connect to loopback addresses directly.
routeConnections(gatePath, {});

const server = createServer(forward);
server.on('connect', (incoming: IncomingMessage, client: Socket, head: Buffer) => {
  tunnel(incoming.url ?? '', client, head);
});
server.on('clientError', (_error, client) => client.destroy());
server.listen(0, '127.0.0.1', () => {
  Atomics.store(port, 0, (server.address() as AddressInfo).port);
  Atomics.notify(port, 0);
});

function tunnel(authority: string, client: Socket, head: Buffer): void {
  const [, bracketed, name = '', targetPort] = /^(?:\[([^[\]]+)\]|([^:]+)):(\d{1,5})$/.exec(authority) ?? [];
  const target = connect({ host: bracketed ?? name, port: Number(targetPort ?? 0), allowHalfOpen: true });
  let isOpen = false;
  client.on('error', () => target.destroy());
  target.on('error', (error) => {
    if (isOpen) client.destroy();
    else
      client.end(
        `HTTP/1.1 ${statusOf(error)}\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\n${error.message}\n`,
      );
  });
  target.on('connect', () => {
    isOpen = true;
    client.write('HTTP/1.1 200 Connection established\r\n\r\n');
    if (head.length > 0) target.write(head);
    client.pipe(target).pipe(client);
  });
}

function forward(incoming: IncomingMessage, outgoing: ServerResponse): void {
  const url = URL.parse(incoming.url ?? '');
  if (url?.protocol !== 'http:') {
    outgoing
      .writeHead(400, { 'content-type': 'text/plain' })
      .end('This is a proxy: send it a whole http URL, or CONNECT.\n');
    return;
  }
  const { method, headers } = incoming;
  const onward = request(url, { method, headers: passedHeaders(headers) }, (answer) => {
    outgoing.writeHead(answer.statusCode ?? 502, answer.statusMessage, answer.headers);
    answer.pipe(outgoing);
  });
  onward.on('error', (error) => {
    if (outgoing.headersSent) outgoing.destroy();
    else
      outgoing
        .writeHead(Number.parseInt(statusOf(error), 10), { 'content-type': 'text/plain' })
        .end(`${error.message}\n`);
  });
  outgoing.on('close', () => onward.destroy());
  incoming.pipe(onward);
}

function statusOf(error: NodeJS.ErrnoException): string {
  return error.code?.startsWith('EGRESS_') === true ? '403 Forbidden' : '502 Bad Gateway';
}
