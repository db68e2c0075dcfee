import { setTimeout as after } from 'node:timers/promises';
import { RawConnection, rawRequest } from '../../support/raw-connection.js';
import { holdStubborn } from './stubborn-socket.js';
import { inLanesUntil, withinASecond, type Attack, type Scene } from './attack.js';

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
      await admin.mustDeploy(name, echo, { isolation });
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
      await admin.mustDeploy(name, echo, { isolation });
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
        await other.mustDeploy(`${name}-of-another-${deployed}`, echo);
        await holding;
      });
    },
  },
  {
    title: 'sixty GETs without a body at once, of which none is refused',
    isolations: ['warm'],
    bound: withinASecond,
    async prepare(scene, { name, isolation }) {
      await scene.admin.mustDeploy(name, echo, { isolation });
      return (over) => inLanesUntil(over, 1, () => getMany(scene, name));
    },
  },
];

async function sendTinyChunks(over: AbortSignal, port: number, begin: string): Promise<void> {
  await inLanesUntil(over, 1, async () => {
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
  const gets = Array.from({ length: readingGets }, () => hostile.ask('GET', `/invoke/${name}`));
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
