import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import type { HostileServer } from '../server/hostile-server.js';
import type { Operation } from './operations.js';
import type { RestartedServer } from './restarted-server.js';
import { stepsIn, type Step } from './stepped-server.js';

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
  const { text } = await client.ask('GET', `/versions/${name}`);
  return (JSON.parse(text) as { versions: readonly unknown[] }).versions.length;
}
