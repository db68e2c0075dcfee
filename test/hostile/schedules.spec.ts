import { setTimeout as after } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { becomes } from '../support/eventually.js';
import { HostileServer, type TrialClient } from './server.js';
import { leftIn, holdingsOf } from './holdings.js';
import { attack } from './trial.js';
import { withDirectory } from './with-server.js';

const clockJumps = fileURLToPath(new URL('./clock-jumps.mjs', import.meta.url));
const secondMs = 1000;
const longestLifeMs = 3000;
const patienceMs = 180_000;

/** Each is due every second; the second counts from when it began. */
const schedules = { cron: { cron: '* * * * * *' }, every: { every: '1s' } };

/** The server is killed around due times, and its clock steps by days; each due time makes one event. */
attack({
  name: 'schedules',
  quick: 4,
  full: 200,
  run: (trial) =>
    withDirectory(async (directory) => {
      const start = () => HostileServer.start({ directory, nodeArguments: ['--import', clockJumps] });
      let hasLeftOut = false;
      for (let round = 0; round < trial.count; round += 1) {
        const server = await start();
        try {
          if (round === 0) await deployTicking(server.client, 'killed');
          await after(trial.random(longestLifeMs));
        } finally {
          await server.kill();
        }
        hasLeftOut ||= server.printed.includes('is left out');
      }
      const server = await start();
      try {
        const before = await holdingsOf(server);
        for (const schedule of Object.keys(schedules))
          await trial.case(`${schedule} fires once each second, whenever it is killed`, async () => {
            await until(server, 'killed', schedule, () => true);
            const times = await dueTimes(server.client, 'killed', schedule);
            requireOnce(times);
            // Only a start that took longer than the grace leaves times out, and the log tells.
            if (!hasLeftOut && !server.printed.includes('is left out')) requireEach(times);
            trial.notes.push(`${times.length} due times of ${schedule} made one event each`);
          });
        await server.client.delete('killed');
        await deployTicking(server.client, 'stepped');
        for (let step = 0; step < 4; step += 1)
          await trial.case(`no due time comes twice after step ${step} of the clock`, async () => {
            await after(trial.random(longestLifeMs));
            server.signal('SIGUSR2');
            await after(trial.random(longestLifeMs));
            for (const schedule of Object.keys(schedules))
              requireOnce(await dueTimes(server.client, 'stepped', schedule));
          });
        await trial.case('a schedule that begins anew fires by the clock as it is then', async () => {
          await server.client.delete('stepped');
          await deployTicking(server.client, 'anew');
          for (const schedule of Object.keys(schedules))
            await until(server, 'anew', schedule, (times) => times.length > 1);
        });
        await server.client.deleteAll();
        trial.measured(await leftIn(server, before));
        await server.stop();
      } finally {
        await server.kill();
      }
    }),
});

/** Its events wait: what is tried here is who makes them. */
async function deployTicking(client: TrialClient, name: string): Promise<void> {
  await client.deploy(name, 'exports.handler = () => 1;', { maxConcurrency: 0, schedules });
}

interface EventList {
  readonly events: readonly { readonly source: { readonly schedule: string; readonly dueAt: string } }[];
  readonly cursor: string | null;
}

/** In order. */
async function dueTimes(client: TrialClient, name: string, schedule: string): Promise<number[]> {
  const times: number[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const from: string = cursor === '' ? '' : `&cursor=${cursor}`;
    const { status, text, json } = await client.get(`/events?function=${name}&limit=200${from}`);
    if (status !== 200) throw new Error(`Listing events: ${status} ${text}`);
    const page = json as EventList;
    const own = page.events.filter(({ source }) => source.schedule === schedule);
    times.push(...own.map(({ source }) => Date.parse(source.dueAt)));
    cursor = page.cursor;
  }
  return times.sort((one, other) => one - other);
}

/** The schedule has fired after now, and its times are so. */
async function until(
  { client }: HostileServer,
  name: string,
  schedule: string,
  isEnough: (times: readonly number[]) => boolean,
): Promise<void> {
  const { length } = await dueTimes(client, name, schedule);
  const hasFired = async () => {
    const times = await dueTimes(client, name, schedule);
    return times.length > length && isEnough(times);
  };
  if (!(await becomes(hasFired, patienceMs))) throw new Error(`${schedule} of ${name} fires no more.`);
}

function requireOnce(times: readonly number[]): void {
  const twice = times.filter((time, index) => time === times[index + 1]);
  if (twice.length > 0)
    throw new Error(`Fired twice for ${twice.map((ms) => new Date(ms).toISOString()).join()}`);
}

function requireEach(times: readonly number[]): void {
  const missing = times.filter((time, index) => index > 0 && time - (times[index - 1] ?? time) !== secondMs);
  if (missing.length > 0)
    throw new Error(`Nothing fired right before ${missing.map((ms) => new Date(ms).toISOString()).join()}`);
}
