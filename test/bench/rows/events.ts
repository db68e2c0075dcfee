import { randomUUIDv7 } from 'node:crypto';
import path from 'node:path';
import { SystemClock } from '../../../src/common/time/clock.js';
import { SqliteEventStore } from '../../../src/events/store/sqlite/sqlite-event-store.js';
import { httpPresentation } from '../../support/messages.js';
import type { Bench, Row } from '../bench.js';
import { figure, p99 } from '../figure.js';
import { closed, open } from '../load/run-load.js';
import { deploy, eventsOf, REQUEST_BODY, undeploy, waitingZip } from '../system/functions.js';
import { makeServerDirectory, removeServerDirectory, residentMiB, type Server } from '../system/server.js';
import { onlyAnswers } from './expectations.js';

const CONNECTIONS = 16;
const PER_SECOND = 1_000;
const QUEUED = 1_000_000;
/** Filled in at once: a transaction of the store takes no more. */
const FILLED_AT_ONCE = 512;
const KEPT_MS = 86_400_000;
/** A single event runs beside the acceptances that are measured, for as long as it may. */
const WAIT_MS = 20_000;
const SETTINGS = { GLAMBDAR_EVENTS_PERCENT: '1', GLAMBDAR_SHUTDOWN_GRACE_SECONDS: '0' };
const FUNCTION = { maxContainers: 1, maxQueuedEvents: 10_000_000 };

async function measure(bench: Bench, server: Server) {
  const target = { ...eventsOf(server, 'worker'), connections: CONNECTIONS };
  const fastest = onlyAnswers(
    await bench.load(closed({ ...target, durationMs: bench.size(10_000, 1_000), warmUpMs: 2_000 })),
  );
  const steady = onlyAnswers(
    await bench.load(open({ ...target, durationMs: bench.size(10_000, 1_000), perSecond: PER_SECOND })),
  );
  return { fastest, steady, memoryMiB: await residentMiB(server.pid) };
}

export const acceptRow: Row = {
  id: 'events',
  title: `events accepted over HTTP, each on the disk before its 202, at ${CONNECTIONS} connections`,
  engines: 'first',
  needs: [],
  run: (bench) =>
    bench.withServer(async (server) => {
      await deploy(server, 'worker', waitingZip(WAIT_MS), FUNCTION);
      const { fastest, steady, memoryMiB } = await measure(bench, server);
      await undeploy(server, 'worker');
      return {
        figures: [
          figure('accepted per second', fastest.callsPerSecond, 'calls/s', { atLeast: PER_SECOND }),
          figure('p99 as fast as they are accepted', p99(fastest.latenciesMs), 'ms', { atMost: 30 }),
          figure(`p99 at ${PER_SECOND} a second`, p99(steady.latenciesMs), 'ms', { atMost: 30 }),
          figure('server', memoryMiB, 'MiB'),
        ],
        samples: { 'fastest, ms': fastest.latenciesMs, 'steady, ms': steady.latenciesMs },
      };
    }, SETTINGS),
};

export const queuedRow: Row = {
  id: 'events-queued',
  title: `the same with ${QUEUED.toLocaleString('en-US')} events queued`,
  engines: 'first',
  needs: ['events'],
  run: async (bench) => {
    const directory = await makeServerDirectory();
    try {
      await bench.withServerIn(
        directory,
        async (server) => {
          await deploy(server, 'worker', waitingZip(WAIT_MS), FUNCTION);
          onlyAnswers(await bench.load(closed({ ...eventsOf(server, 'worker'), connections: 1, calls: 1 })));
        },
        SETTINGS,
      );
      await fill(directory, bench.size(QUEUED, 10_000));
      return await bench.withServerIn(
        directory,
        async (server) => {
          const { fastest, steady, memoryMiB } = await measure(bench, server);
          const rate = fastest.callsPerSecond;
          const usual = bench.measured('events', 'accepted per second', bench.engine.id);
          const moreMiB = memoryMiB - bench.measured('events', 'server', bench.engine.id);
          return {
            figures: [
              figure('accepted per second', rate, 'calls/s', { atLeast: PER_SECOND }),
              figure('accepted per second / with an empty queue', rate / usual, 'x', { atLeast: 0.8 }),
              figure(`p99 at ${PER_SECOND} a second`, p99(steady.latenciesMs), 'ms', { atMost: 30 }),
              figure('memory of the server more', moreMiB, 'MiB', { atMost: 50 }),
            ],
            samples: { 'fastest, ms': fastest.latenciesMs, 'steady, ms': steady.latenciesMs },
          };
        },
        SETTINGS,
      );
    } finally {
      await removeServerDirectory(directory);
    }
  },
};

/** As a server would, but without one: many more wait of the function of which there is one event. */
async function fill(directory: string, count: number) {
  const clock = new SystemClock();
  const file = path.join(directory, 'events.sqlite');
  const store = await SqliteEventStore.open(
    file,
    {
      queuedBytes: Infinity,
      functionQueuedBytes: Infinity,
      strangersPercent: 100,
      keptBytes: Infinity,
      functionKeptBytes: Infinity,
      answerBytes: Infinity,
    },
    () => ({
      wallMs: clock.wallTime().getTime(),
      monotonicMs: clock.monotonicMs(),
    }),
  );
  const [first] = (await store.list({ limit: 1 })).events;
  if (!first) throw new Error('The server has kept no event.');
  const { functionId, functionName } = first;
  const acceptedAtMs = clock.wallTime().getTime();
  const body = Buffer.from(REQUEST_BODY);
  const event = () => ({
    id: randomUUIDv7(),
    functionId,
    functionName,
    request: { presentation: httpPresentation, body, traceparent: null },
    source: { kind: 'http' as const },
    keyId: null,
    acceptedAtMs,
    expiresAtMs: acceptedAtMs + KEPT_MS,
    orderingKey: null,
    depth: 0,
  });
  for (let filled = 0; filled < count; filled += FILLED_AT_ONCE) {
    const some = Array.from({ length: Math.min(FILLED_AT_ONCE, count - filled) }, () =>
      store.accept({ event: event(), maxQueued: Infinity, idempotency: null, firing: null }),
    );
    await Promise.all(some);
  }
  await store.close();
}
