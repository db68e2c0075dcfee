import { heldConnections } from './holdings.js';
import type { HostileServer } from './server.js';
import { becomes } from '../support/eventually.js';
import { RawConnection } from '../support/raw-connection.js';
import { withServer } from './with-server.js';
import { limits, StubbornClient, type StubbornKind, stubbornKinds } from './clients/stubborn-clients.js';
import { attack, inParallel, type Trial, upTo } from './trial.js';

const places = 20;
/** More than there is of anything. */
const clientsOfOneKind = 25;
/** Of each kind when all come at once: together more than there is of anything, too. */
const clientsOfEachKind = 3;

/** Twenty of everything that clients can hold. */
const fewPlaces = {
  GLAMBDAR_CONNECTIONS: '4096',
  GLAMBDAR_HEADERS_TIMEOUT_MS: String(limits.headersMs),
  GLAMBDAR_REQUEST_TIMEOUT_MS: String(limits.requestMs),
  GLAMBDAR_SEND_TIMEOUT_MS: String(limits.sendMs),
  GLAMBDAR_QUEUE_TIMEOUT_MS: String(limits.queueMs),
  GLAMBDAR_LOG_FOLLOW_SECONDS: String(limits.followMs / 1000),
  GLAMBDAR_KEEP_ALIVE_TIMEOUT_MS: '1000',
  GLAMBDAR_RUNNING_CALLS: String(places / 2),
  GLAMBDAR_QUEUED_CALLS: String(places / 2),
  GLAMBDAR_REQUEST_BYTES: '131072',
  GLAMBDAR_BUFFERED_REQUEST_BYTES: '1048576',
  GLAMBDAR_UNSENT_BYTES: '1048576',
  GLAMBDAR_PARALLEL_DEPLOYS: String(places),
  GLAMBDAR_UNPACK_QUEUE: String(places),
  GLAMBDAR_QUEUED_CHANGES: String(places),
  GLAMBDAR_RECORDS_READS: String(places),
  GLAMBDAR_LOG_FOLLOWERS: String(places),
  GLAMBDAR_LOG_FOLLOWER_BYTES: '4096',
  // There is one key here, and its share must not be what ends the siege.
  GLAMBDAR_KEY_SHARE_PERCENT: '100',
  GLAMBDAR_MANAGEMENT_PER_SECOND: '0',
  GLAMBDAR_SHUTDOWN_GRACE_SECONDS: '2',
  GLAMBDAR_CLOSE_TIMEOUT_MS: '1000',
};
const fewConnections = { ...fewPlaces, GLAMBDAR_CONNECTIONS: String(places) };

/** Beside the limit of what is held: the promise itself. */
const promisedMs = 2000;
/** What the settings above for the server's end add up to, beside the removal of its containers. */
const stopMs = 2000 + 1000;
/** The quick slice runs on machines that are busy with something else; what is held for good is held longer than this. */
const roomMs = { quick: 60_000, full: 3000 };

const functions = {
  waits: `exports.handler = async (event) => { await new Promise((done) => setTimeout(done, 100)); return { body: event.body.length }; };`,
  large: `exports.handler = async () => ({ body: 'x'.repeat(1024 * 1024) });`,
  streams: `exports.handler = async () => ({ body: (async function* () { for (;;) yield 'x'.repeat(65536); })() });`,
  never: `exports.handler = () => new Promise(() => undefined);`,
  prints: `exports.handler = async () => { for (let line = 0; line < 200; line += 1) console.log(line, 'x'.repeat(200)); };`,
};
const warm = { isolation: 'warm', maxContainers: 1, timeoutSeconds: limits.callMs / 1000 };

/** Clients that never read, never close and never finish, on every kind of route. */
attack({
  name: 'stubborn',
  quick: 1,
  full: 150,
  async run(trial) {
    for (const settings of [fewConnections, fewPlaces]) {
      const stopsWithinMs = stopMs + promisedMs + roomMs.quick;
      const beforeStop = async ({ port, key = '' }: HostileServer) => {
        const clients = await openAll(port, stubbornKinds(key), clientsOfEachKind);
        return () => {
          letGo(clients);
        };
      };
      await withServer(trial, { settings, hasKeys: true, beforeStop, stopsWithinMs }, async (server) => {
        await deployAll(server);
        const kinds = stubbornKinds(server.key ?? '');
        for (const kind of chosen(kinds, trial))
          await trial.case(kind.title, () => besiege(server, [kind], trial));
        if (settings === fewPlaces)
          await trial.case('all kinds at once', () => besiege(server, kinds, trial));
      });
    }
  },
});

async function deployAll({ client }: HostileServer): Promise<void> {
  for (const [name, code] of Object.entries(functions)) await client.deploy(name, code, warm);
  await client.deploy('settings', functions.waits);
  for (const name of ['waits', 'large', 'prints']) await client.invoke(name, 'abc');
}

/** As many as the trial has cases, each kind once before any comes again. */
function chosen(kinds: readonly StubbornKind[], { count, random, isFull }: Trial): StubbornKind[] {
  const first = isFull ? 0 : random(kinds.length);
  return [...upTo(count)].map((nth) => kinds[(first + nth * 7) % kinds.length]!);
}

/**
 * Such clients take what they can get and hold it. Within the limit and the promise the next one is served on the same
 * route, and no connection is left but those that the limits are not about.
 */
async function besiege(server: HostileServer, kinds: readonly StubbornKind[], trial: Trial): Promise<void> {
  const { port } = server;
  const startedMs = performance.now();
  const clients = await openAll(port, kinds, kinds.length > 1 ? clientsOfEachKind : clientsOfOneKind);
  try {
    const limitMs = Math.max(...kinds.map((kind) => kind.limitMs));
    const leftMs = () =>
      limitMs + promisedMs + roomMs[trial.isFull ? 'full' : 'quick'] - (performance.now() - startedMs);
    for (const next of new Set(kinds.map((kind) => kind.next))) {
      let last = '';
      const isServed = async () => (last = await askOnce(port, next)) === '';
      if (!(await becomes(isServed, leftMs())))
        throw new Error(`The next one was not served: ${next.split('\r\n')[0]}: ${last}`);
    }
    const areGone = async () => (await heldConnections(port)) === 0;
    if (!(await becomes(areGone, leftMs())))
      throw new Error(`${await heldConnections(port)} connections were still held.`);
    const tookMs = performance.now() - startedMs;
    trial.notes.push(`${kinds.length} kinds: all gone after ${tookMs.toFixed(0)} ms, limit ${limitMs}`);
  } finally {
    letGo(clients);
  }
}

async function openAll(
  port: number,
  kinds: readonly StubbornKind[],
  ofEach: number,
): Promise<readonly StubbornClient[]> {
  const clients: StubbornClient[] = [];
  const wanted = kinds.flatMap((kind) => Array.from({ length: ofEach }, () => kind));
  await inParallel(wanted, 50, async (kind) => {
    clients.push(await StubbornClient.open(port, kind));
  });
  return clients;
}

function letGo(clients: readonly StubbornClient[]): void {
  for (const client of clients) client.letGo();
}

/** Empty where it was served, whatever the answer; otherwise what was wrong. */
async function askOnce(port: number, bytes: string): Promise<string> {
  const connection = await RawConnection.open(port).catch(() => undefined);
  if (!connection) return 'no connection';
  try {
    connection.write(bytes);
    const answer = await connection.statusAndRest();
    if (!answer) return 'the connection ended without an answer';
    return answer.status >= 500 || answer.status === 429 || answer.status === 408
      ? `${answer.status} ${answer.rest.slice(0, 200)}`
      : '';
  } catch (error) {
    return String(error);
  } finally {
    connection.destroy();
  }
}
