import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, mkdir, open, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { holdingsOf, leftIn } from './holdings.js';
import { HostileServer } from './server.js';
import { within } from '../support/eventually.js';
import { withDirectory, withServer } from './with-server.js';
import { attack, type Trial } from './trial.js';

const startTimeoutMs = 180_000;
const clockJumps = fileURLToPath(new URL('./clock-jumps.mjs', import.meta.url));
const file = 'glambdar.sqlite';

interface Damage {
  readonly title: string;
  readonly harm: (directory: string) => Promise<void>;
  /** In the sentence that the server ends with. */
  readonly says: RegExp;
}

const damages: readonly Damage[] = [
  { title: 'cut in half', harm: (directory) => truncate(join(directory, file), 6000), says: /damaged/ },
  {
    title: 'a header of zeros',
    harm: (directory) => overwrite(directory, 0, Buffer.alloc(100)),
    says: /damaged/,
  },
  {
    title: 'noise in its pages',
    harm: (directory) => overwrite(directory, 4096, Buffer.alloc(8192, 0xa5)),
    says: /damaged/,
  },
  {
    title: 'a text',
    harm: (directory) => writeFile(join(directory, file), 'hello '.repeat(2000)),
    says: /damaged/,
  },
  {
    title: 'empty beside code',
    harm: (directory) => truncate(join(directory, file), 0),
    says: /empty or missing/,
  },
  { title: 'missing beside code', harm: (directory) => rm(join(directory, file)), says: /empty or missing/ },
  {
    title: 'of another program',
    harm: (directory) => sql(directory, 'PRAGMA application_id = 1'),
    says: /another program/,
  },
  {
    title: 'of a newer version',
    harm: (directory) => sql(directory, 'PRAGMA user_version = 999'),
    says: /newer/,
  },
  {
    title: 'a damaged installation id',
    harm: (directory) => writeFile(join(directory, 'installation-id'), 'x'),
    says: /damaged/,
  },
];

/** A database that is damaged, newer, locked or in use, a directory that cannot serve, a clock that jumps. */
attack({
  name: 'database',
  quick: damages.length,
  full: damages.length,
  async run(trial) {
    await withDirectory((place) => refusesDamaged(trial, place));
    await withServer(trial, { settings: { GLAMBDAR_STORE_LOCK_TIMEOUT_MS: '300' } }, async (server) => {
      await trial.case('two servers on one directory', () =>
        isRefused(server.directory, /Another Glambdar server/),
      );
      await trial.case('a database locked by another program', () => survivesLock(server));
    });
    await trial.case('a directory with too long a path', () => refusesLongPath());
    await withDirectory((directory) =>
      trial.case('a clock that jumps', () => survivesClock(trial, directory)),
    );
  },
});

async function refusesDamaged(trial: Trial, place: string): Promise<void> {
  const sound = join(place, 'sound');
  await mkdir(sound);
  const server = await HostileServer.start({ directory: sound });
  await server.client.deploy('kept', 'exports.handler = () => 1;');
  await server.stop();
  for (const [index, { title, harm, says }] of damages.entries()) {
    await trial.case(`a database that is ${title}`, async () => {
      const directory = join(place, String(index));
      await cp(sound, directory, { recursive: true });
      await harm(directory);
      const before = await digest(directory);
      await isRefused(directory, says);
      if ((await digest(directory)) !== before) throw new Error('The file was changed.');
    });
  }
}

async function isRefused(directory: string, says: RegExp): Promise<void> {
  const server = HostileServer.spawn({ directory });
  try {
    const end = await within(startTimeoutMs, 'The refusal', server.ended);
    if (end === 0 || !says.test(server.printed)) throw new Error(`It ended with ${end}: ${server.printed}`);
    if (/^\s+at /m.test(server.printed)) throw new Error(`A stack in place of a sentence: ${server.printed}`);
  } finally {
    await server.kill();
  }
}

async function survivesLock({ client, directory }: HostileServer): Promise<void> {
  await client.deploy('locked', 'exports.handler = () => 1;', { isolation: 'warm' });
  const other = new DatabaseSync(join(directory, file));
  other.exec('BEGIN IMMEDIATE');
  try {
    const deployed = await client.upload('late.zip', 'exports.handler = () => 1;');
    if (deployed.code !== 'STORAGE_UNAVAILABLE') throw new Error(`${deployed.status} ${deployed.text}`);
    const removed = await client.delete('locked');
    if (removed.code !== 'STORAGE_UNAVAILABLE') throw new Error(`${removed.status} ${removed.text}`);
    const called = await client.invoke('locked');
    if (called.text !== '1') throw new Error(`${called.status} ${called.text}`);
  } finally {
    other.close();
  }
  await client.deploy('late', 'exports.handler = () => 1;');
}

async function refusesLongPath(): Promise<void> {
  await withDirectory(async (directory) => {
    const long = join(directory, 'd'.repeat(90));
    await mkdir(long);
    await isRefused(long, /too long/);
  });
}

async function survivesClock(trial: Trial, directory: string): Promise<void> {
  const nodeArguments = ['--import', clockJumps];
  const server = await HostileServer.start({ directory, nodeArguments });
  try {
    const waits = `exports.handler = async () => { await new Promise((done) => setTimeout(done, 700)); return 'on time'; };`;
    await server.client.deploy('waits', waits);
    await server.client.invoke('waits');
    const before = await holdingsOf(server);
    for (let jump = 0; jump < 4; jump += 1) {
      const calling = server.client.invoke('waits');
      server.signal('SIGUSR2');
      const { status, text } = await calling;
      if (text !== '"on time"') throw new Error(`${status} ${text}`);
      await server.client.deploy(`after-${jump}`, 'exports.handler = () => 1;');
    }
    trial.measured(await leftIn(server, before));
    await server.stop();
  } finally {
    await server.kill();
  }
}

async function overwrite(directory: string, position: number, bytes: Buffer): Promise<void> {
  const handle = await open(join(directory, file), 'r+');
  await handle.write(bytes, 0, bytes.length, position);
  await handle.close();
}

async function sql(directory: string, statement: string): Promise<void> {
  const database = new DatabaseSync(join(directory, file));
  database.exec(statement);
  database.close();
}

async function digest(directory: string): Promise<string> {
  const path = join(directory, file);
  if (!existsSync(path)) return 'none';
  return createHash('sha256')
    .update(await readFile(path))
    .digest('hex');
}
