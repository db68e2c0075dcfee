import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { becomes } from '../../support/eventually.js';
import type { HostileServer } from '../server.js';
import { type Trial, upTo } from '../trial.js';
import type { Operation } from './operations.js';
import { type RestartedServer, type Step, type SteppedServer, stepsIn } from './stepped-server.js';

/** So often a long run says how far it is. */
const roundsPerReport = 20;

/** One write that gets its fault. */
export interface Round {
  /** What is done, and to what. */
  readonly title: string;
  readonly step: Step;
  /** Resolves with whether the write came at all: what happens beside the work writes now more and now less. */
  readonly run: () => Promise<boolean>;
}

export const isWhole = ({ count }: Trial): boolean => count === Infinity;

/** All of them in a whole run, a few at random in others. Resolves with the writes that were reached, by title. */
export async function tryRounds(
  trial: Trial,
  all: readonly Round[],
): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const rounds = isWhole(trial) ? all : [...upTo(trial.count)].map(() => all[trial.random(all.length)]!);
  const reached = new Map(rounds.map(({ title }) => [title, new Set<string>()]));
  const missed: string[] = [];
  for (const [index, { title, step, run }] of rounds.entries()) {
    const what = `${title}: ${step.name} (${step.nth})`;
    await trial.case(what, async () => {
      if (await run()) reached.get(title)!.add(step.name);
      else missed.push(what);
    });
    if ((index + 1) % roundsPerReport === 0) trial.tell(`${index + 1} of ${rounds.length}: ${what}`);
  }
  if (missed.length > 0) trial.notes.push(`not reached: ${missed.join('; ')}`);
  if (!isWhole(trial)) return reached;
  for (const [title, names] of reached) {
    const writes = rounds.filter((round) => round.title === title).length;
    trial.notes.push(`${title}, at ${writes} writes: ${[...names].join(', ')}`);
  }
  return reached;
}

/** Rejects unless the steps of the protocol are among the others, in their order. */
export function requireInOrder(protocol: readonly string[], steps: readonly Step[]): void {
  const names = steps.map(({ name }) => name);
  let from = 0;
  for (const name of protocol) {
    const place = names.indexOf(name, from);
    if (place < 0) throw new Error(`There is no "${name}" where it belongs in: ${names.join(', ')}`);
    from = place + 1;
  }
}

const patienceMs = 90_000;

/** How a want of space may be answered; a container without a directory for its socket is a platform that is full. */
const refusals = ['INSUFFICIENT_STORAGE', 'RUNTIME_UNAVAILABLE'];

/** One write fails: a clear refusal and nothing changed, or done all the same; then it works again by itself. */
export async function writeFails(stepped: SteppedServer, operation: Operation, step: Step): Promise<boolean> {
  const { server } = stepped;
  const { client } = server;
  await operation.prepare(client);
  await stepped.steps();
  await stepped.arm('fail', step);
  const answer = await operation.perform(client);
  await stepped.steps();
  const isReached = stepsIn(server).length > 0;
  await stepped.arm('none');
  const isDone = answer.status === operation.done;
  const where = `${answer.status} ${answer.text}`;
  if (!isDone && !refusals.includes(answer.code)) throw new Error(where);
  if (answer.text.includes(server.directory)) throw new Error(`It tells a path; it answered ${where}`);
  const state = await operation.state(client);
  const expected = isDone ? 'after' : 'before';
  if (![expected, 'either'].includes(state)) throw new Error(`It is as ${state} it; it answered ${where}`);
  const isClean = async () => (await server.filesIn('staging')).length === 0;
  if (!(await becomes(isClean, patienceMs)))
    throw new Error(`Something stays in staging; it answered ${where}`);
  if (!isDone) {
    const again = await operation.perform(client);
    if (again.status !== operation.done)
      throw new Error(`Then ${again.status} ${again.text}; it answered ${where}`);
  }
  return isReached;
}

const arrivalMs = 100;

/** Whatever was acknowledged is so after the next start; whatever was not is whole or absent. */
export async function writeIsTheLast(
  servers: RestartedServer,
  operation: Operation,
  step: Step,
): Promise<boolean> {
  try {
    return await diesAndComesBack(servers, operation, step);
  } catch (error) {
    // The next round needs a server that is sound.
    await servers.kill();
    throw error;
  }
}

async function diesAndComesBack(
  servers: RestartedServer,
  operation: Operation,
  step: Step,
): Promise<boolean> {
  const dying = await servers.alive();
  const { server } = dying;
  await operation.prepare(server.client);
  await dying.steps();
  await dying.arm('kill', step);
  // Node's client does not always notice that the server is gone; what was answered before has arrived by then.
  const silence = server.ended.then(() => after(arrivalMs, undefined));
  const answer = await Promise.race([operation.perform(server.client).catch(() => undefined), silence]);
  await dying.steps();
  await servers.kill();
  const isReached = stepsIn(server).length > 0;
  const sockets = new Set(await server.filesIn('run'));
  const next = await servers.alive();
  const where = `after an answer of ${String(answer?.status)}`;
  const left = await leftOfTheDead(next.server, sockets);
  if (left !== '') throw new Error(`${left} ${where}`);
  const state = await operation.state(next.server.client);
  if (answer?.status === operation.done && state === 'before') throw new Error(`It was lost ${where}`);
  if (answer && answer.status !== operation.done && state === 'after')
    throw new Error(`It was refused and done ${where}`);
  return isReached;
}

async function leftOfTheDead(server: HostileServer, sockets: ReadonlySet<string>): Promise<string> {
  if ((await server.filesIn('run')).some((name) => sockets.has(name))) return 'A socket is left';
  if ((await server.filesIn('staging')).length > 0) return 'Staged code is left';
  const names = new Set(await server.client.names());
  for (const name of await server.filesIn('functions')) {
    const onDisk = await readdir(join(server.directory, 'functions', name));
    const recorded = names.has(name) ? await versionsOf(server, name) : 0;
    if (onDisk.length !== recorded) return `Code of ${onDisk.length} versions, not ${recorded}, is left`;
  }
  const instances = new Set((await server.containers()).map((name) => name.split('-').at(-2)));
  return instances.size > 1 ? 'A container is left' : '';
}

async function versionsOf({ client }: HostileServer, name: string): Promise<number> {
  const { text } = await client.get(`/versions/${name}`);
  return (JSON.parse(text) as { versions: readonly unknown[] }).versions.length;
}
