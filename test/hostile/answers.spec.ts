import type { Random } from '../support/archives/mutations.js';
import { RawConnection, rawRequest } from '../support/raw-connection.js';
import { withServer } from './with-server.js';
import { attack, inParallel, upTo } from './trial.js';

/** Returns what it is told to; a call without instructions gets its own body back. */
const code = `exports.handler = async (event) => {
  const wanted = JSON.parse(event.body);
  return 'marker' in wanted ? { body: wanted.marker } : wanted;
};`;
const slots = 4;

/** Whatever status and headers a function returns, the next answer on the connection belongs to the next request. */
attack({
  name: 'answers',
  quick: 500,
  full: 20_000,
  run: (trial) =>
    withServer(trial, {}, async ({ client, port }) => {
      const settings = { isolation: 'warm', minContainers: 2, maxContainers: 4 };
      await client.deploy('answer', code, settings);
      const connections: (RawConnection | undefined)[] = [];
      await inParallel(upTo(slots), slots, async (slot) => {
        for (let round = slot; round < trial.count; round += slots) {
          await trial.case(`answer ${round}`, async () => {
            const open = connections[slot];
            const connection = open && !open.isClosed ? open : await RawConnection.open(port);
            connections[slot] = connection;
            try {
              const wanted = randomAnswer(trial.random);
              await inStep(connection, wanted, `marker-${round}`, trial.random(2) === 0);
            } catch (error) {
              // What is out of step stays so: the next case begins with a connection of its own.
              connections[slot] = undefined;
              connection.destroy();
              throw error;
            }
          });
        }
      });
      connections.forEach((connection) => connection?.destroy());
    }),
});

async function inStep(
  connection: RawConnection,
  wanted: object,
  marker: string,
  isPipelined: boolean,
): Promise<void> {
  const asked = JSON.stringify(wanted);
  const request = rawRequest('POST', '/invoke/answer', asked);
  const markerRequest = rawRequest('POST', '/invoke/answer', JSON.stringify({ marker }));
  connection.write(isPipelined ? request + markerRequest : request);
  const first = await connection.response();
  if (!first) throw new Error(`The connection ended: ${asked}`);
  const isRefused = first.status === 502 && first.body.includes('"FUNCTION_INVALID_RESPONSE"');
  const { statusCode = 200 } = wanted as { statusCode?: unknown };
  if (!isRefused && first.status !== Number(statusCode))
    throw new Error(`${first.status} ${first.body} for ${asked}`);
  if (!first.headers.has('x-glambdar-invocation-id')) throw new Error('No id of the call.');
  if (!isPipelined) connection.write(markerRequest);
  const second = await connection.response();
  if (second?.status !== 200 || second.body !== JSON.stringify(marker) || connection.unclaimed !== '')
    throw new Error(`${marker} got ${String(second?.status)} ${String(second?.body)} after ${asked}`);
}

const statuses: readonly unknown[] = [200, 201, 204, 205, 206, 301, 304, 404, 418, 500, 503, 599, '404'];
const wrongStatuses: readonly unknown[] = [
  0,
  99,
  100,
  101,
  102,
  103,
  199,
  600,
  999,
  -200,
  200.5,
  '0200',
  null,
  true,
  [],
  1e99,
];
const framing = [
  'content-length',
  'Content-Length',
  'transfer-encoding',
  'connection',
  'keep-alive',
  'upgrade',
  'te',
  'trailer',
  'expect',
  'date',
  'server',
  'via',
  'proxy-connection',
  'x-glambdar-invocation-id',
];
const ordinary = [
  'x-a',
  'X-A',
  'set-cookie',
  'content-type',
  'location',
  'etag',
  'cache-control',
  '__proto__',
  'constructor',
  'toString',
  'content-encoding',
  'host',
  'vary',
];
const wrongNames = ['', ' ', 'a b', 'a:b', 'a\r\nb', 'ä', 'a\0', '(x)', 'x'.repeat(9000)];
const values: readonly unknown[] = [
  'v',
  '',
  '5',
  '0',
  '-1',
  '999999',
  'chunked',
  'gzip, chunked',
  'close',
  'keep-alive, x-a',
  'upgrade',
  'é',
  'x'.repeat(8000),
  ['a', 'b'],
  [],
  7,
  true,
];
const wrongValues: readonly unknown[] = [
  'a\r\nb: c',
  'a\nb',
  '\0',
  '\u2028',
  'a\r\n\r\nHTTP/1.1 200 OK\r\n\r\n',
  ['a', 'b\r\nc'],
  null,
  {},
  [[]],
  'x'.repeat(20_000),
];
const bodies: readonly unknown[] = [
  '',
  'text',
  'x'.repeat(20_000),
  null,
  0,
  [],
  { a: 1 },
  '\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n',
  undefined,
];

/** Half of them wrong in some way, so that refused and sent answers follow each other on one connection. */
function randomAnswer(random: Random): object {
  const pick = <T>(list: readonly T[]) => list[random(list.length)] as T;
  const headers: [string, unknown][] = [];
  for (let left = random(4); left > 0; left -= 1) {
    const name = random(10) === 0 ? pick(wrongNames) : pick(random(2) === 0 ? framing : ordinary);
    headers.push([name, random(10) === 0 ? pick(wrongValues) : pick(values)]);
  }
  if (random(40) === 0) for (let extra = 0; extra < 70; extra += 1) headers.push([`x-${extra}`, 'v']);
  return {
    ...(random(6) > 0 && { statusCode: random(4) === 0 ? pick(wrongStatuses) : pick(statuses) }),
    headers: Object.fromEntries(headers),
    body: pick(bodies),
    ...(random(8) === 0 && { isBase64Encoded: true }),
    ...(random(8) === 0 && { cookies: pick([['a=b'], [], ['a\r\nb'], 'a=b', [1]]) }),
  };
}
