import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { leftIn, holdingsOf } from '../server/holdings.js';
import { HostileServer } from '../server/hostile-server.js';
import { becomes, within } from '../server/patience.js';
import { withDirectory } from '../server/with-server.js';
import { operations, type Operation } from '../steps/operations.js';
import { adminKey, SteppedServer, type StepFault } from '../steps/stepped-server.js';
import type { Group, Trial } from '../trial.js';

/** More than any operation or start has; a round that is not reached ends the rounds long before. */
const mostSteps = 300;
/** What happens beside an operation has its writes too, now more and now fewer. */
const enoughUnreached = 2;
const arrivalMs = 100;
/** About as many as a first start has, for a run that tries only a few. */
const writesOfStart = 40;
const patienceMs = 60_000;

/** How a want of space may be answered; a container without a directory for its socket is a platform that is full. */
const refusals = ['INSUFFICIENT_STORAGE', 'RUNTIME_UNAVAILABLE'];

/** Each write of each operation fails, as on a full disk, and is the last one before the server is killed. */
export const stepsGroup: Group = {
  name: 'steps',
  quick: 1,
  full: mostSteps,
  async run(trial) {
    const totals = new Map<Operation, number>();
    await withDirectory((directory) => eachWriteFails(trial, directory, totals));
    await withDirectory((directory) => eachWriteIsTheLast(trial, directory, totals));
    for (const fault of ['fail', 'kill'] as const)
      await atSteps(trial, `${fault} at a first start`, writesOfStart, (nth) => startsAgain(nth, fault));
  },
};

/** Gives each of the writes its round until rounds are not reached; a quick run gives a few, chosen at random. */
async function atSteps(
  trial: Trial,
  title: string,
  total: number,
  round: (nth: number) => Promise<{ isReached: boolean }>,
): Promise<void> {
  const isWhole = trial.count >= mostSteps;
  let unreached = 0;
  for (let tried = 1; tried <= trial.count && unreached < enoughUnreached; tried += 1) {
    const nth = isWhole ? tried : 1 + trial.random(total);
    const outcome = { isReached: true };
    await trial.case(`${title}: write ${nth}`, async () => {
      Object.assign(outcome, await round(nth));
    });
    unreached = outcome.isReached ? 0 : unreached + 1;
    if (isWhole && unreached === enoughUnreached)
      trial.notes.push(`${title}: ${nth - enoughUnreached} writes`);
  }
}

async function eachWriteFails(
  trial: Trial,
  directory: string,
  totals: Map<Operation, number>,
): Promise<void> {
  const stepped = await SteppedServer.start(directory, await adminKey(directory));
  const { server } = stepped;
  try {
    for (const operation of operations) totals.set(operation, (await fails(stepped, operation, 0)).steps);
    const before = await holdingsOf(server);
    for (const operation of operations)
      await atSteps(trial, `no space in ${operation.title}`, totals.get(operation) ?? 1, (nth) =>
        fails(stepped, operation, nth),
      );
    trial.measured(await leftIn(server, before));
    await server.stop();
  } finally {
    await server.kill();
  }
}

/** One write fails: a clear refusal and nothing changed, or done all the same; then it works again by itself. */
async function fails(stepped: SteppedServer, operation: Operation, nth: number) {
  const { server } = stepped;
  const { client } = server;
  await operation.prepare(client);
  await stepped.steps();
  await stepped.arm(nth, 'fail');
  const answer = await operation.perform(client);
  const steps = await stepped.steps();
  await stepped.arm(0, 'fail');
  const isDone = answer.status === operation.done;
  const where = `at ${stepped.faultyStep}: ${answer.status} ${answer.text}`;
  if (!isDone && !refusals.includes(answer.code)) throw new Error(where);
  if (answer.text.includes(server.directory)) throw new Error(`It tells a path, ${where}`);
  const expected = isDone ? 'after' : 'before';
  const state = operation.title === 'a call' ? expected : await operation.state(client);
  if (state !== expected) throw new Error(`It is as ${state} it, ${where}`);
  const isClean = async () => (await server.filesIn('staging')).length === 0;
  if (!(await becomes(isClean, patienceMs))) throw new Error(`Something stays in staging, ${where}`);
  if (!isDone) {
    const again = await operation.perform(client);
    if (again.status !== operation.done) throw new Error(`Then ${again.status} ${again.text}, ${where}`);
  }
  return { isReached: nth > 0 && steps >= nth, steps };
}

async function eachWriteIsTheLast(
  trial: Trial,
  directory: string,
  totals: ReadonlyMap<Operation, number>,
): Promise<void> {
  const key = await adminKey(directory);
  for (const operation of operations)
    await atSteps(trial, `killed in ${operation.title}`, totals.get(operation) ?? 1, async (nth) => {
      const stepped = await SteppedServer.start(directory, key);
      try {
        return await dies(stepped, operation, nth);
      } finally {
        await stepped.server.kill();
      }
    });
}

/** Whatever was acknowledged is so after the next start; whatever was not is whole or absent. */
async function dies(stepped: SteppedServer, operation: Operation, nth: number) {
  const { server } = stepped;
  await operation.prepare(server.client);
  await stepped.steps();
  await stepped.arm(nth, 'kill');
  // Node's client does not always notice that the server is gone; what was answered before has arrived by then.
  const silence = server.ended.then(() => after(arrivalMs, undefined));
  const answer = await Promise.race([operation.perform(server.client).catch(() => undefined), silence]);
  const steps = await stepped.steps();
  const isReached = Number.isNaN(steps);
  await server.kill();
  const sockets = new Set(await server.filesIn('run'));
  const next = await SteppedServer.start(server.directory, server.key);
  try {
    const where = `after a death at ${stepped.faultyStep}, answered with ${String(answer?.status)}`;
    const state = await operation.state(next.server.client);
    if (answer?.status === operation.done && state !== 'after') throw new Error(`It was lost ${where}`);
    if (answer && answer.status !== operation.done && state !== 'before')
      throw new Error(`It was refused and done ${where}`);
    const left = await leftOfTheDead(next.server, sockets);
    if (left !== '') throw new Error(`${left} ${where}`);
  } finally {
    await next.server.kill();
  }
  return { isReached };
}

async function leftOfTheDead(server: HostileServer, sockets: ReadonlySet<string>): Promise<string> {
  if ((await server.filesIn('run')).some((name) => sockets.has(name))) return 'A socket is left';
  if ((await server.filesIn('staging')).length > 0) return 'Staged code is left';
  const names = new Set(await server.client.names());
  for (const name of await server.filesIn('functions')) {
    const versions = await readdir(join(server.directory, 'functions', name));
    if (!names.has(name) || versions.length !== 1) return `Code of nobody is left in ${name}`;
  }
  const instances = new Set((await server.containers()).map((name) => name.split('-').at(-2)));
  return instances.size > 1 ? 'A container is left' : '';
}

/** A start that fails says why in a sentence; the next one works, whatever the first one has left. */
function startsAgain(nth: number, fault: StepFault): Promise<{ isReached: boolean }> {
  return withDirectory(async (directory) => {
    const first = SteppedServer.spawn(directory, nth, fault);
    const isUp = first.listening().then(
      () => true,
      () => false,
    );
    const isReached = !(await within(patienceMs, 'The start', isUp));
    await first.kill();
    if (isReached && fault === 'fail' && /^\s+at /m.test(first.printed))
      throw new Error(`A stack in place of a sentence: ${first.printed}`);
    const next = await HostileServer.start({ directory });
    try {
      await next.client.mustDeploy('first', 'exports.handler = () => 1;');
      await next.client.remove('first');
      await next.stop();
    } finally {
      await next.kill();
    }
    return { isReached };
  });
}
