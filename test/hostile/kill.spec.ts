import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import type { Random } from '../support/archives/mutations.js';
import { containersOf } from '../support/engine.js';
import { type TrialClient, HostileServer } from './server.js';
import { becomes } from '../support/eventually.js';
import { withDirectory } from './with-server.js';
import { attack, inParallel, upTo } from './trial.js';

const slots = 4;
const longestLifeMs = 3000;
const patienceMs = 180_000;

/** What a client knows of a function: what it was told, or nothing when the server died before it said. */
interface Known {
  /** Of the versions that may be current; of two the later one was asked for and never acknowledged. */
  markers: readonly string[];
  state: 'deployed' | 'deleted' | 'unknown';
}

/** The server is killed at any moment of a mixed load; what it had acknowledged is true after the next start. */
attack({
  name: 'kill',
  quick: 3,
  full: 200,
  run: (trial) =>
    withDirectory(async (directory) => {
      const known = new Map<string, Known>();
      let acknowledged = 0;
      for (let round = 0; round < trial.count; round += 1) {
        const server = await HostileServer.start({ directory });
        try {
          const load = inParallel(upTo(slots), slots, (slot) =>
            loadUntilDeath(server, known, `k${round}-${slot}`, trial.random),
          );
          await after(trial.random(longestLifeMs));
          await server.kill();
          await load;
        } finally {
          await server.kill();
        }
        acknowledged += [...known.values()].filter(({ state }) => state !== 'unknown').length;
        await trial.case(`kill ${round}`, () => isAllTrueAfterRestart(directory, known));
      }
      trial.notes.push(`${acknowledged} acknowledged deploys and deletes were looked up after a restart`);
      trial.measured(await leftAfterStop(directory));
    }),
});

/** Deploys, changes, calls and deletes functions of its own names until the server is gone. */
async function loadUntilDeath(
  { client }: HostileServer,
  known: Map<string, Known>,
  prefix: string,
  random: Random,
): Promise<void> {
  for (let number = 0; ; number += 1) {
    const name = `${prefix}-${number}`;
    const first = `marker-${name}-1`;
    const entry: Known = { markers: [first], state: 'unknown' };
    known.set(name, entry);
    try {
      const { status } = await client.upload(`${name}.zip`, answering(first));
      if (status !== 201) continue;
      entry.state = 'deployed';
      if (random(2) === 0) await publishNext(client, name, entry);
      if (random(2) === 0) await client.invoke(name);
      if (random(3) === 0) continue;
      entry.state = 'unknown';
      if ((await client.delete(name)).status === 204) entry.state = 'deleted';
    } catch {
      return;
    }
  }
}

/** Until it is answered, both the version before and the next may be what the server has. */
async function publishNext(client: TrialClient, name: string, entry: Known): Promise<void> {
  const next = `marker-${name}-2`;
  const before = entry.markers;
  entry.markers = [...before, next];
  const { status } = await client.publish(name, answering(next));
  // What was refused has changed nothing.
  entry.markers = status === 200 ? [next] : before;
}

const answering = (marker: string): string => `exports.handler = () => '${marker}';`;

async function isAllTrueAfterRestart(directory: string, known: Map<string, Known>): Promise<void> {
  const server = await HostileServer.start({ directory, settings: { GLAMBDAR_CODE_CHECK_AFTER_MS: '0' } });
  try {
    await isAllAsPublished(server);
    const listed = new Set(await server.client.names());
    for (const [name, { state, markers }] of known) {
      if (state === 'deployed' && !listed.has(name)) throw new Error(`${name} was lost.`);
      if (state === 'deleted' && listed.has(name)) throw new Error(`${name} came back.`);
      if (listed.has(name)) await hasItsCode(server, name, markers);
    }
    const onDisk = await server.filesIn('functions');
    const extra = onDisk.filter((name) => !listed.has(name));
    if (extra.length > 0) throw new Error(`Code of nobody: ${extra.join()}`);
    if ((await server.filesIn('staging')).length > 0) throw new Error('Staged code of a dead server.');
    const [someName] = listed;
    if (someName !== undefined) {
      const { status, text } = await server.client.invoke(someName);
      const isOneOf = known.get(someName)?.markers.some((marker) => text.includes(marker)) ?? false;
      if (status !== 200 || !isOneOf) throw new Error(`${someName} answers ${status} ${text}`);
    }
    const instances = new Set((await server.containers()).map((name) => name.split('-').at(-2)));
    if (instances.size > 1) throw new Error('Containers of a dead server.');
    // What is known for certain stays small: the next round begins with a few functions.
    for (const name of [...listed].slice(3)) await server.client.delete(name);
    const before = new Map(known);
    known.clear();
    for (const name of [...listed].slice(0, 3))
      known.set(name, { markers: before.get(name)?.markers ?? [], state: 'deployed' });
  } finally {
    await server.kill();
  }
}

/** What was acknowledged is on the disk to its last byte, as the server itself finds when it reads it again. */
async function isAllAsPublished(server: HostileServer): Promise<void> {
  const summary = () => /^.*"msg":"published code was read".*$/m.exec(server.printed)?.[0];
  if (!(await becomes(() => summary() !== undefined, patienceMs)))
    throw new Error('Code was not read again.');
  const { broken, withoutDigest } = JSON.parse(summary() ?? '') as Record<string, number>;
  if (broken !== 0 || withoutDigest !== 0) throw new Error(`Damaged code: ${summary()}`);
}

/** One of the versions that may be current is, and the disk has the code of the recorded versions and nothing else. */
async function hasItsCode(server: HostileServer, name: string, markers: readonly string[]): Promise<void> {
  const { text } = await server.client.get(`/versions/${name}`);
  const { versions } = JSON.parse(text) as { versions: { current: boolean }[] };
  if (versions.filter(({ current }) => current).length !== 1) throw new Error(`${name}: ${text}`);
  const functionDirectory = join(server.directory, 'functions', name);
  const onDisk = await readdir(functionDirectory);
  if (onDisk.length !== versions.length)
    throw new Error(`${name} has code of ${onDisk.length} versions: ${text}`);
  const codes = await Promise.all(
    onDisk.map((id) => readFile(join(functionDirectory, id, 'index.js'), 'utf8')),
  );
  if (!markers.some((marker) => codes.some((code) => code.includes(marker)))) {
    throw new Error(`${name} has other code.`);
  }
}

async function leftAfterStop(directory: string): Promise<string[]> {
  const server = await HostileServer.start({ directory });
  await server.client.deleteAll();
  const isEmpty = async () =>
    (await server.filesIn('functions')).length + (await server.filesIn('run')).length === 0;
  const left = (await becomes(isEmpty, patienceMs)) ? [] : ['code or sockets'];
  const installationId = await server.installationId();
  await server.stop();
  return [...left, ...(await containersOf(installationId))];
}
