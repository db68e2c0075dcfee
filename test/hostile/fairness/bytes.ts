import { connect, type Socket } from 'node:net';
import { setTimeout as after } from 'node:timers/promises';
import { RawConnection, rawRequest } from '../../support/raw-connection.js';
import { type Attack, inParallelUntil, type Scene, untilOver, withinASecond } from './attack.js';

/** Opens connections that say this and then neither read nor close their side, and holds them until the round is over. */
export async function holdStubborn(
  over: AbortSignal,
  port: number,
  count: number,
  said: (number: number) => string,
): Promise<void> {
  const sockets = Array.from({ length: count }, (_, number) => stubborn(port, said(number)));
  await untilOver(over);
  for (const socket of sockets) socket.destroy();
}

function stubborn(port: number, said: string): Socket {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  socket.on('error', () => undefined).pause();
  socket.write(said);
  return socket;
}

const answerBytes = 5 * 1024 ** 2;
const unreadAnswers = 24;
const followers = 12;
/** More than are read or wait at the same time. */
const searches = 48;
const callsOfLongLog = 40;

const large = `exports.handler = () => 'x'.repeat(${answerBytes});`;
const talks = `exports.handler = () => { for (let n = 0; n < 50; n += 1) console.log('x'.repeat(1000)); };`;

/** Answers that nobody takes. */
export const readingAttacks: readonly Attack[] = [
  {
    title: 'large answers that nobody reads, while another key gets one',
    isolations: ['warm', 'fresh'],
    bound: withinASecond,
    async prepare(scene, { name, isolation }) {
      const { server, admin, hostileKey } = scene;
      await admin.deploy(name, large, { isolation });
      await admin.deploy(`${name}-of-another`, large, { isolation });
      const asked = rawRequest('POST', `/invoke/${name}`, '', [`Authorization: Bearer ${hostileKey}`]);
      return async (over) => {
        const holding = holdStubborn(over, server.port, unreadAnswers, () => asked);
        await inParallelUntil(over, 1, () => readWhole(scene, `${name}-of-another`));
        await holding;
      };
    },
  },
  {
    title: 'followers of a log that read nothing, while another key follows',
    isolations: ['warm'],
    bound: withinASecond,
    async prepare(scene, { name, isolation }) {
      const { server, admin, hostile, hostileKey } = scene;
      await admin.deploy(name, talks, { isolation });
      await admin.deploy(`${name}-of-another`, talks, { isolation });
      const path = `/logs/${name}?follow=true`;
      const asked = rawRequest('GET', path, '', [`Authorization: Bearer ${hostileKey}`]);
      return async (over) => {
        const holding = holdStubborn(over, server.port, followers, () => asked);
        const talking = inParallelUntil(over, 2, () => hostile.invokeUntil(over, name));
        await inParallelUntil(over, 1, () => followOnce(scene, `${name}-of-another`));
        await Promise.all([holding, talking]);
      };
    },
  },
  {
    title: 'searches of a long log with one key, while another key reads',
    isolations: ['warm'],
    bound: withinASecond,
    async prepare(scene, { name, isolation }) {
      const { admin, hostile } = scene;
      await admin.deploy(name, talks, { isolation });
      for (let call = 0; call < callsOfLongLog; call += 1) await hostile.invoke(name);
      return async (over) => {
        const path = `/logs/${name}?contains=nowhere`;
        const searching = inParallelUntil(over, searches, () =>
          hostile.send('GET', path, { signal: over }).catch(() => undefined),
        );
        await inParallelUntil(over, 1, () => readOwn(scene, name));
        await searching;
      };
    },
  },
];

async function readWhole({ other }: Scene, name: string): Promise<void> {
  const { status, text, isBrokenOff } = await other.invoke(name);
  if (status !== 200 || isBrokenOff || text.length < answerBytes)
    throw new Error(`Another key's large answer was ${status} and had ${text.length} characters`);
}

/** Rejects unless a new follower is let in and is told what the function prints. */
async function followOnce({ other, server }: Scene, name: string): Promise<void> {
  await other.invoke(name);
  const leave = new AbortController();
  const response = await fetch(`${server.url}/logs/${name}?follow=true`, {
    headers: other.headers,
    signal: leave.signal,
  });
  if (response.status !== 200)
    throw new Error(`Another key's follower: ${response.status} ${await response.text()}`);
  await response.body?.getReader().read();
  leave.abort();
}

async function readOwn({ other }: Scene, name: string): Promise<void> {
  const { status, text } = await other.get(`/invocations?function=${name}`);
  if (status !== 200) throw new Error(`Another key's reading: ${status} ${text}`);
}

/** 2.4 MB a second on the wire, as one connection of a common line has. */
const burst = '1\r\nx\r\n'.repeat(10_000);
const burstEveryMs = 25;
/** More than all connections of the server. */
const stubbornConnections = 1100;
const halfSent = 600;
const heldUploads = 16;
const readingGets = 60;

const echo = 'exports.handler = ({ body }) => body;';

/** What reaches the server before any function runs. */
export const sendingAttacks: readonly Attack[] = [
  {
    title: 'the body of a call in chunks of one byte',
    isolations: ['warm', 'fresh'],
    bound: withinASecond,
    async prepare({ server, admin, hostileKey }, { name, isolation }) {
      await admin.deploy(name, echo, { isolation });
      return (over) => sendTinyChunks(over, server.port, head('POST', `/invoke/${name}`, hostileKey));
    },
  },
  {
    title: 'an archive in chunks of one byte',
    isolations: ['warm'],
    bound: withinASecond,
    prepare({ server, hostileKey }, { name }) {
      const form = `--b\r\nContent-Disposition: form-data; name="file"; filename="${name}.zip"\r\n\r\n`;
      const begin = `${form.length.toString(16)}\r\n${form}\r\n`;
      const asked = head('POST', '/deploy', hostileKey, 'Content-Type: multipart/form-data; boundary=b');
      return Promise.resolve((over) => sendTinyChunks(over, server.port, asked + begin));
    },
  },
  {
    title: 'connections that are answered, or ask for half of something, and never close',
    isolations: ['warm', 'fresh'],
    bound: withinASecond,
    prepare: ({ server }) =>
      Promise.resolve((over) =>
        holdStubborn(over, server.port, stubbornConnections, (number) =>
          number % 2 === 0 ? 'hello\r\n\r\n' : 'GET /info HTTP/1.1\r\nHost: 127.0.0.1\r\nX-A: b',
        ),
      ),
  },
  {
    title: 'calls whose bodies never end',
    isolations: ['warm', 'fresh'],
    bound: withinASecond,
    async prepare({ server, admin, hostileKey }, { name, isolation }) {
      await admin.deploy(name, echo, { isolation });
      const asked = rawRequest('POST', `/invoke/${name}`, 'x'.repeat(100), authorized(hostileKey));
      return (over) => holdStubborn(over, server.port, halfSent, () => asked.slice(0, -50));
    },
  },
  {
    title: 'archives that never end, while another key deploys',
    isolations: ['warm'],
    bound: withinASecond,
    prepare({ server, hostileKey, other }, { name }) {
      const headers = [...authorized(hostileKey), 'Content-Type: multipart/form-data; boundary=b'];
      const asked = rawRequest('POST', '/deploy', 'x'.repeat(100_000), headers).slice(0, -99_990);
      let deployed = 0;
      return Promise.resolve(async (over) => {
        const holding = holdStubborn(over, server.port, heldUploads, () => asked);
        deployed += 1;
        await other.deploy(`${name}-of-another-${deployed}`, echo);
        await holding;
      });
    },
  },
  {
    title: 'sixty GETs without a body at once, of which none is refused',
    isolations: ['warm'],
    bound: withinASecond,
    async prepare(scene, { name, isolation }) {
      await scene.admin.deploy(name, echo, { isolation });
      return (over) => inParallelUntil(over, 1, () => getMany(scene, name));
    },
  },
];

async function sendTinyChunks(over: AbortSignal, port: number, begin: string): Promise<void> {
  await inParallelUntil(over, 1, async () => {
    const connection = await RawConnection.open(port);
    connection.write(begin);
    while (!over.aborted && !connection.isClosed) {
      connection.write(burst);
      await after(burstEveryMs);
    }
    connection.destroy();
  });
}

async function getMany({ hostile }: Scene, name: string): Promise<void> {
  const gets = Array.from({ length: readingGets }, () => hostile.get(`/invoke/${name}`));
  for (const { status, text } of await Promise.all(gets))
    if (status !== 200) throw new Error(`A GET was answered ${status} ${text}`);
}

function authorized(key: string): string[] {
  return [`Authorization: Bearer ${key}`];
}

function head(method: string, path: string, key: string, ...more: string[]): string {
  const lines = [`${method} ${path} HTTP/1.1`, 'Host: 127.0.0.1', ...authorized(key), ...more];
  return `${[...lines, 'Transfer-Encoding: chunked'].join('\r\n')}\r\n\r\n`;
}
