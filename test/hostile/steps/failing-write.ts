import { becomes } from '../../support/eventually.js';
import type { Operation } from './operations.js';
import { stepsIn, type Step, type SteppedServer } from './stepped-server.js';

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
