import { setTimeout as after } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Random } from '../support/archives/mutations.js';
import { within } from '../support/eventually.js';
import { requireFollowedUp, requireInOrder, requireRunOnce, requireSucceeded } from './events/accounts.js';
import { allEnded, allEvents, handOver } from './events/listed-events.js';
import { Witness } from './events/witness.js';
import { holdingsOf, leftIn } from './holdings.js';
import { HostileServer, type TrialClient } from './server.js';
import { attack, inParallel, type Trial, upTo } from './trial.js';
import { withDirectory } from './with-server.js';

const clockJumps = fileURLToPath(new URL('./clock-jumps.mjs', import.meta.url));
const patienceMs = 180_000;
const senders = 6;
/** Half of the senders have an ordering key each, for all lives of the server. */
const keyed = 3;
const oneOfFails = 25;
/** Each life of the server is long enough for so many acknowledged events at most, and a moment. */
const longestLife = { quick: 60, full: 200 };
const longestMomentMs = 300;
const steppedEvents = 24;

const roomy = { isolation: 'warm', maxContainers: 4, maxQueuedEvents: 100_000, retry: { maxAttempts: 10 } };

/** What only the server may say to a handler. */
const forged = { 'x-glambdar-event-id': 'forged', 'x-glambdar-attempt': '7' };

/** The ids that senders were told, by how many kills there had been. */
type Acknowledged = string[][];

/** The server is killed in the middle of accepting, running and settling; whatever it acknowledged runs, and is accounted for. */
attack({
  name: 'events',
  quick: 8,
  full: 200,
  run: (trial) =>
    withDirectory(async (directory) => {
      const witness = await Witness.begin();
      try {
        await killAndAccount(trial, directory, witness);
      } finally {
        await witness.end();
      }
    }),
});

async function killAndAccount(trial: Trial, directory: string, witness: Witness): Promise<void> {
  const start = () =>
    HostileServer.start({
      directory,
      settings: witness.serverSettings,
      nodeArguments: ['--import', clockJumps],
    });
  const acknowledged: Acknowledged = [];
  const numbers = Array.from({ length: senders }, () => 0);
  for (const round of upTo(trial.count)) {
    const server = await start();
    try {
      if (round === 0) await deployBoth(server.client, witness);
      else
        await trial.case(`kill ${round}`, () => requireKnown(server.client, acknowledged[round - 1] ?? []));
      acknowledged.push(await lifeUnderLoad(server, numbers, trial));
    } finally {
      await server.kill();
    }
  }
  const server = await start();
  try {
    await trial.case('the last kill', () => requireKnown(server.client, acknowledged.at(-1) ?? []));
    const known = acknowledged.flat();
    await accountForAll(trial, server.client, known, witness);
    const before = await holdingsOf(server);
    await trial.case('events that wait while the clock steps by days run once, and soon', () =>
      runAcrossSteps(server, witness, trial.random),
    );
    trial.measured(await leftIn(server, before));
    await server.stop();
  } finally {
    await server.kill();
  }
}

async function deployBoth(client: TrialClient, witness: Witness): Promise<void> {
  await client.deploy('after', 'exports.handler = () => 1;', roomy);
  await client.deploy('work', witness.handler, { ...roomy, egress: witness.egress, onSuccess: 'after' });
}

/** Sends until the server is killed, which is at a moment nobody chose; gives the ids that the senders were told. */
async function lifeUnderLoad(
  server: HostileServer,
  numbers: number[],
  { random, isFull }: Trial,
): Promise<string[]> {
  const told: string[] = [];
  const { promise: isLongEnough, resolve: die } = Promise.withResolvers<undefined>();
  const length = 1 + random(isFull ? longestLife.full : longestLife.quick);
  const load = inParallel(upTo(senders), senders, async (sender) => {
    const key: Record<string, string> = sender < keyed ? { 'x-ordering-key': `sender-${sender}` } : {};
    for (;;) {
      const number = (numbers[sender] = (numbers[sender] ?? 0) + 1);
      const end = random(oneOfFails) === 0 ? '/fails' : '';
      const path = `work/${sender}/${number}${end}`;
      const id = await handOver(server.client, path, { ...forged, ...key }).catch(() => undefined);
      // Only its death keeps it from accepting: there is room for all.
      if (id === undefined) return;
      told.push(id);
      if (told.length >= length) die(undefined);
    }
  });
  await within(patienceMs, `Accepting ${length} events`, isLongEnough);
  await after(random(longestMomentMs));
  await server.kill();
  await load;
  return told;
}

/** None was lost; what was asked for and never acknowledged may be there or not. */
async function requireKnown(client: TrialClient, ids: readonly string[]): Promise<void> {
  await inParallel(ids, senders, async (id) => {
    const { status, text } = await client.get(`/events/${id}`);
    if (status !== 200) throw new Error(`${id}, which was acknowledged, is lost: ${status} ${text}`);
  });
}

async function accountForAll(
  trial: Trial,
  client: TrialClient,
  known: readonly string[],
  witness: Witness,
): Promise<void> {
  await trial.case('everything ends', async () => {
    await allEnded(client, 'work', known.length);
    await allEnded(client, 'after', known.length);
  });
  const events = await allEvents(client, 'work');
  const followUps = await allEvents(client, 'after');
  const { runs } = witness;
  const accounts = {
    'each acknowledged event succeeded': () => {
      requireSucceeded(events, known);
    },
    'each ran once, and again only where an attempt had no success': () => {
      requireRunOnce(events, runs);
    },
    'events of one key ran one after another': () => {
      requireInOrder(events, runs);
    },
    'each is followed by one event': () => {
      requireFollowedUp(events, followUps);
    },
  };
  for (const [title, account] of Object.entries(accounts))
    await trial.case(title, () => Promise.resolve().then(account));
  const again = events.filter(({ attemptCount }) => attemptCount > 1).length;
  const cut = events
    .flatMap(({ attempts }) => attempts)
    .filter(({ outcome }) => outcome === 'platform').length;
  trial.notes.push(
    `${known.length} of ${events.length} events were acknowledged; ${runs.length} runs were seen; ` +
      `${again} events had more than one attempt, ${cut} attempts were cut short`,
  );
}

/** First they wait and the clock steps, then they fail once, and it steps while they wait for their second attempt. */
async function runAcrossSteps(server: HostileServer, witness: Witness, random: Random): Promise<void> {
  const { client } = server;
  witness.runs.length = 0;
  await client.deploy('stepped', witness.handler, { ...roomy, egress: witness.egress, maxConcurrency: 0 });
  const ids: string[] = [];
  for (const number of upTo(steppedEvents)) {
    const id = await handOver(client, `stepped/0/${number}/fails`);
    if (id === undefined) throw new Error('An event was refused.');
    ids.push(id);
  }
  server.signal('SIGUSR2');
  const headers = { 'content-type': 'application/merge-patch+json' };
  const body = JSON.stringify({ maxConcurrency: 4 });
  const { status, text } = await client.send('PATCH', '/settings/stepped', { headers, body });
  if (status !== 200) throw new Error(`Letting them run: ${status} ${text}`);
  for (let step = 0; step < 3; step += 1) {
    await after(random(longestMomentMs));
    server.signal('SIGUSR2');
  }
  await allEnded(client, 'stepped', steppedEvents);
  const events = await allEvents(client, 'stepped');
  requireSucceeded(events, ids);
  requireRunOnce(events, witness.runs);
}
