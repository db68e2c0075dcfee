import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import type { Random } from '../../support/archives/mutations.js';
import { containersOf } from '../server/engine.js';
import { HostileServer } from '../server/hostile-server.js';
import { becomes } from '../server/patience.js';
import { withDirectory } from '../server/with-server.js';
import { inLanes, upTo, type Group } from '../trial.js';

const lanes = 4;
const longestLifeMs = 3000;
const patienceMs = 60_000;

/** What a client knows of a function: what it was told, or nothing when the server died before it said. */
interface Known {
  readonly marker: string;
  state: 'deployed' | 'deleted' | 'unknown';
}

/** The server is killed at any moment of a mixed load; what it had acknowledged is true after the next start. */
export const killGroup: Group = {
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
          const load = inLanes(upTo(lanes), lanes, (lane) =>
            loadUntilDeath(server, known, `k${round}-${lane}`, trial.random),
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
};

/** Deploys, calls and deletes functions of its own names until the server is gone. */
async function loadUntilDeath(
  { client }: HostileServer,
  known: Map<string, Known>,
  prefix: string,
  random: Random,
): Promise<void> {
  for (let number = 0; ; number += 1) {
    const name = `${prefix}-${number}`;
    const entry: Known = { marker: `marker-${name}`, state: 'unknown' };
    known.set(name, entry);
    try {
      const { status } = await client.deploy(name, `exports.handler = () => '${entry.marker}';`);
      if (status !== 201) continue;
      entry.state = 'deployed';
      if (random(2) === 0) await client.call(name);
      if (random(3) === 0) continue;
      entry.state = 'unknown';
      if ((await client.remove(name)).status === 204) entry.state = 'deleted';
    } catch {
      return;
    }
  }
}

async function isAllTrueAfterRestart(directory: string, known: Map<string, Known>): Promise<void> {
  const server = await HostileServer.start({ directory });
  try {
    const listed = new Set(await server.client.names());
    for (const [name, { state, marker }] of known) {
      if (state === 'deployed' && !listed.has(name)) throw new Error(`${name} was lost.`);
      if (state === 'deleted' && listed.has(name)) throw new Error(`${name} came back.`);
      if (listed.has(name)) await hasItsCode(directory, name, marker);
    }
    const onDisk = await server.filesIn('functions');
    const extra = onDisk.filter((name) => !listed.has(name));
    if (extra.length > 0) throw new Error(`Code of nobody: ${extra.join()}`);
    if ((await server.filesIn('staging')).length > 0) throw new Error('Staged code of a dead server.');
    const [someName] = listed;
    if (someName !== undefined) {
      const { status, text } = await server.client.call(someName);
      if (status !== 200) throw new Error(`${someName} answers ${status} ${text}`);
    }
    const instances = new Set((await server.containers()).map((name) => name.split('-').at(-2)));
    if (instances.size > 1) throw new Error('Containers of a dead server.');
    // What is known for certain stays small: the next round begins with a few functions.
    for (const name of [...listed].slice(3)) await server.client.remove(name);
    known.clear();
    for (const name of [...listed].slice(0, 3))
      known.set(name, { marker: `marker-${name}`, state: 'deployed' });
  } finally {
    await server.kill();
  }
}

async function hasItsCode(directory: string, name: string, marker: string): Promise<void> {
  const versions = await readdir(join(directory, 'functions', name));
  if (versions.length !== 1) throw new Error(`${name} has ${versions.length} versions.`);
  const code = await readFile(join(directory, 'functions', name, versions[0] ?? '', 'index.js'), 'utf8');
  if (!code.includes(marker)) throw new Error(`${name} has other code.`);
}

async function leftAfterStop(directory: string): Promise<string[]> {
  const server = await HostileServer.start({ directory });
  await server.client.removeAll();
  const isEmpty = async () =>
    (await server.filesIn('functions')).length + (await server.filesIn('run')).length === 0;
  const left = (await becomes(isEmpty, patienceMs)) ? [] : ['code or sockets'];
  const installationId = await server.installationId();
  await server.stop();
  return [...left, ...(await containersOf(installationId))];
}
