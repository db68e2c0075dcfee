import { connect } from 'node:net';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { setTimeout as after } from 'node:timers/promises';
import type { HostileServer } from '../server.js';
import { becomes } from '../../support/eventually.js';
import { RawConnection, rawRequest } from '../../support/raw-connection.js';

export interface SlowClient {
  readonly title: string;
  meet(server: HostileServer): Promise<void>;
}

const unreadAnswers = 6;
const largeAnswerBytes = 5 * 1024 ** 2;

/** The limits of the trial's server, the interval at which connections are looked at, and room for a busy machine. */
const endedWithinMs = 120_000;
const servedWithinMs = 60_000;

async function isEnded(connection: RawConnection, what: string): Promise<void> {
  if (!(await becomes(() => connection.isClosed, endedWithinMs))) throw new Error(`${what} was never ended.`);
}

/** Keeps writing a byte now and then until the connection is closed. */
async function drip(connection: RawConnection, byte: string): Promise<void> {
  const giveUpAtMs = performance.now() + endedWithinMs;
  while (!connection.isClosed && performance.now() < giveUpAtMs) {
    connection.write(byte);
    await after(100);
  }
}

/** Whether the server has ended its side of a connection whose client reads nothing and so cannot know. */
async function isLetGo(serverPort: number, clientPort: number): Promise<boolean> {
  const portOf = (address = '') => Number.parseInt(address.split(':')[1] ?? '', 16);
  const connections = (await readFile('/proc/net/tcp', 'latin1'))
    .split('\n')
    .map((line) => line.trim().split(/\s+/));
  const established = '01';
  return !connections.some(
    ([, local, remote, state]) =>
      state === established && portOf(local) === serverPort && portOf(remote) === clientPort,
  );
}

export const slowClients: readonly SlowClient[] = [
  {
    title: 'fifty connections whose headers never end',
    async meet({ port, client }) {
      const connections = await Promise.all(Array.from({ length: 50 }, () => RawConnection.open(port)));
      for (const connection of connections) connection.write('GET /info HTTP/1.1\r\nHost: 127.0.0.1\r\n');
      const startedMs = performance.now();
      if ((await client.get('/health/live')).status !== 200) throw new Error('Others were not served.');
      if (performance.now() - startedMs > servedWithinMs) throw new Error('Others were served slowly.');
      await Promise.all(connections.map((connection) => drip(connection, 'x')));
      for (const connection of connections) await isEnded(connection, 'A connection without headers');
    },
  },
  {
    title: 'a body that drips',
    async meet({ port }) {
      const connection = await RawConnection.open(port);
      connection.write('POST /invoke/waits HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100000\r\n\r\n');
      await drip(connection, 'x');
      await isEnded(connection, 'A body that drips');
    },
  },
  {
    title: 'an upload that drips',
    async meet({ port }) {
      const connection = await RawConnection.open(port);
      const headers = 'Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 100000\r\n\r\n';
      connection.write(
        `POST /deploy HTTP/1.1\r\nHost: 127.0.0.1\r\n${headers}--b\r\nContent-Disposition: form-data; name="file"; filename="drip.zip"\r\n\r\n`,
      );
      await drip(connection, 'x');
      await isEnded(connection, 'An upload that drips');
    },
  },
  {
    title: 'answers that nobody reads',
    async meet({ port, client }) {
      const socket = connect(port, '127.0.0.1');
      socket.on('error', () => undefined).pause();
      await once(socket, 'connect');
      // More than the buffers of both kernels hold.
      socket.write(rawRequest('POST', '/invoke/large', '').repeat(unreadAnswers));
      await becomes(() => isLetGo(port, socket.localPort ?? 0), endedWithinMs);
      if ((await client.invoke('waits', 'abc')).text !== '3') throw new Error('Others were not served.');
      let receivedBytes = 0;
      socket.on('data', ({ length }: Buffer) => (receivedBytes += length)).resume();
      if (!(await becomes(() => socket.destroyed, endedWithinMs))) throw new Error('It was never ended.');
      if (receivedBytes >= unreadAnswers * largeAnswerBytes) throw new Error('Every answer was kept for it.');
    },
  },
];
