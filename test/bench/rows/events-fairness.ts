import type { Bench, Row } from '../bench.js';
import { figure, median, p99 } from '../figure.js';
import { closed } from '../load/run-load.js';
import { callsOf, deploy, eventsOf, HELLO_ZIP, WARM } from '../system/functions.js';
import type { Server } from '../system/server.js';
import { onlyAnswers } from './expectations.js';

const QUEUED = 10_000;
const CONNECTIONS = 16;
const ROUNDS = 3;
const WINDOW_MS = 8_000;
/** Acceptance is over, and events run as they do from then on. */
const LEAD_MS = 1_000;
const IDLE_TIMEOUT_MS = 60_000;
const POLL_MS = 100;

const MODES = {
  fresh: { settings: {}, warmUpCalls: 20 },
  warm: { settings: WARM, warmUpCalls: 2_000 },
} as const;
type Mode = keyof typeof MODES;

interface Round {
  readonly quietMs: readonly number[];
  readonly besideMs: readonly number[];
  readonly eventsPerSecond: number;
  readonly leftQueued: number;
}

export const eventsFairnessRow: Row = {
  id: 'events-fairness',
  title: `events: a caller beside ${QUEUED.toLocaleString('en-US')} queued events of another function, one call after the other`,
  engines: 'first',
  needs: [],
  run: async (bench) => {
    const fresh = await bench.withServer((server) => measure(bench, server, 'fresh'));
    const warm = await bench.withServer((server) => measure(bench, server, 'warm'));
    return {
      figures: [...figuresOf('fresh', fresh), ...figuresOf('warm', warm)],
      samples: { ...samplesOf('fresh', fresh), ...samplesOf('warm', warm) },
      facts: { leftQueued: { fresh: leftQueued(fresh), warm: leftQueued(warm) } },
    };
  },
};

async function measure(bench: Bench, server: Server, mode: Mode): Promise<Round[]> {
  const { settings, warmUpCalls } = MODES[mode];
  await deploy(server, 'worker', HELLO_ZIP, settings);
  await deploy(server, 'other', HELLO_ZIP, settings);
  const calls = { ...callsOf(server, 'other'), connections: 1 };
  onlyAnswers(await bench.load(closed({ ...calls, connections: 2, calls: bench.size(warmUpCalls, 4) })));
  const window = closed({ ...calls, durationMs: bench.size(WINDOW_MS, 2_000) });
  const rounds: Round[] = [];
  for (let number = 1; number <= bench.size(ROUNDS, 1); number += 1) {
    await bench.whenIdle(server);
    const quiet = onlyAnswers(await bench.load(window));
    await fill(bench, server);
    const [ranBefore, startedAt] = [await succeeded(server), performance.now()];
    const beside = onlyAnswers(await bench.load(window));
    const seconds = (performance.now() - startedAt) / 1_000;
    const eventsPerSecond = ((await succeeded(server)) - ranBefore) / seconds;
    const leftQueued = await metric(server, 'glambdar_events_queued{function="worker"}');
    if (leftQueued === 0 || eventsPerSecond === 0)
      throw new Error(
        `Of ${mode} functions ${eventsPerSecond} events a second ran, ${leftQueued} were left.`,
      );
    await empty(bench, server);
    rounds.push({ quietMs: quiet.latenciesMs, besideMs: beside.latenciesMs, eventsPerSecond, leftQueued });
    bench.tell(`${mode}, round ${number}: ${Math.round(eventsPerSecond)} events/s, ${leftQueued} left`);
  }
  return rounds;
}

/** Each is acknowledged, or the row fails. */
async function fill(bench: Bench, server: Server): Promise<void> {
  const calls = bench.size(QUEUED, 3_000);
  onlyAnswers(await bench.load(closed({ ...eventsOf(server, 'worker'), connections: CONNECTIONS, calls })));
  await bench.pause(bench.size(LEAD_MS, 100));
}

/** Resolves when no event is left that waits or runs. */
async function empty(bench: Bench, server: Server): Promise<void> {
  const giveUpAt = performance.now() + IDLE_TIMEOUT_MS;
  for (;;) {
    await purge(server);
    const running = await metric(server, 'glambdar_events_running');
    if (running === 0 && (await metric(server, 'glambdar_events_queued{function="worker"}')) === 0) return;
    if (performance.now() > giveUpAt) throw new Error(`${running} events do not end.`);
    await bench.pause(POLL_MS);
  }
}

async function purge({ client }: Server): Promise<void> {
  for (let more = true; more;) {
    const answer = await client.send('DELETE', '/events?function=worker&state=queued');
    if (answer.status !== 200) throw new Error(`Deleting events answered ${answer.status}: ${answer.text}`);
    ({ more } = answer.json as { more: boolean });
  }
}

function succeeded(server: Server): Promise<number> {
  return metric(server, 'glambdar_event_attempts_total{outcome="success"}');
}

/** @returns 0 for a series that there is not yet */
async function metric({ client }: Server, series: string): Promise<number> {
  const { text } = await client.get('/metrics');
  const line = text.split('\n').find((found) => found.startsWith(`${series} `));
  return line === undefined ? 0 : Number(line.slice(series.length));
}

function figuresOf(mode: Mode, rounds: readonly Round[]) {
  const [quietMs, besideMs] = [all(rounds, 'quietMs'), all(rounds, 'besideMs')];
  return [
    figure(`${mode}: median, quiet`, median(quietMs), 'ms'),
    figure(`${mode}: p99, quiet`, p99(quietMs), 'ms'),
    figure(`${mode}: median, beside events`, median(besideMs), 'ms'),
    figure(`${mode}: p99, beside events`, p99(besideMs), 'ms'),
    figure(`${mode}: p99, beside events / quiet`, p99(besideMs) / p99(quietMs), 'x', { atMost: 3 }),
    figure(`${mode}: events meanwhile`, median(rounds.map((round) => round.eventsPerSecond)), 'events/s'),
  ];
}

function samplesOf(mode: Mode, rounds: readonly Round[]) {
  return {
    [`${mode}, quiet, ms`]: all(rounds, 'quietMs'),
    [`${mode}, beside events, ms`]: all(rounds, 'besideMs'),
  };
}

function leftQueued(rounds: readonly Round[]) {
  return rounds.map((round) => round.leftQueued);
}

function all(rounds: readonly Round[], samples: 'quietMs' | 'besideMs') {
  return rounds.flatMap((round) => round[samples]);
}
