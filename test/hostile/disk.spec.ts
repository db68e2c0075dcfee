import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { randomBytes as noiseBytes } from 'node:crypto';
import { zipOf } from '../support/zip.js';
import { fillUpTo } from './disk/fill-up.js';
import { FullBuilds } from './disk/full-builds.js';
import { FullEvents } from './disk/full-events.js';
import { holdingsOf, leftIn } from './holdings.js';
import { HostileServer } from './server.js';
import { becomes } from '../support/eventually.js';
import { RawConnection } from '../support/raw-connection.js';
import { withDirectory } from './with-server.js';
import { attack, type Trial, upTo } from './trial.js';

const run = promisify(execFile);
/** Each database keeps 4 MiB or more of changes beside it, and that must fit where nothing else fills the disk. */
const diskMiB = 48;
/** From nothing free up to more than a deployment needs, so that each of its writes fails once. */
const stepBytes = 40 * 1024;
const settings = {
  // As the set-up of the run has named and can make it.
  GLAMBDAR_BUILD_IMAGE: process.env['GLAMBDAR_BUILD_IMAGE'] ?? '',
  GLAMBDAR_IMAGE_PROGRAM: process.env['GLAMBDAR_IMAGE_PROGRAM'] ?? '',
  GLAMBDAR_DISK_RESERVE_MIB: '0',
  GLAMBDAR_READY_FREE_DISK_MIB: '0',
  GLAMBDAR_ARCHIVE_MAX_MIB: '1',
};
/** Events that are gone leave their room to later ones, not to the disk: after many cases the server alone would fill it. */
const mostForEvents = 10;
const patienceMs = 120_000;
/** Files of a few bytes take a block each, which their sizes in the archive do not tell. */
const smallFiles = 100;

/** What is done on a disk that fills up at another point each time. Needs root, to mount a small disk of its own. */
attack({
  name: 'disk',
  quick: 7,
  full: 40,
  run: async (trial) => {
    await onSmallDisk(trial, deployments);
    await onSmallDisk(trial, events);
  },
});

function onSmallDisk(trial: Trial, work: (trial: Trial, directory: string) => Promise<void>): Promise<void> {
  return withDirectory(async (directory) => {
    const mounted = await run('mount', ['-t', 'tmpfs', '-o', `size=${diskMiB}m`, 'tmpfs', directory]).then(
      () => true,
      () => false,
    );
    if (!mounted) {
      trial.notes.push('not tried: mounting a small disk needs root');
      await trial.case('left out', () => Promise.resolve());
      trial.measured([]);
      return;
    }
    try {
      await work(trial, directory);
    } finally {
      await run('umount', ['--lazy', directory]);
    }
  });
}

async function deployments(trial: Trial, directory: string): Promise<void> {
  const builds = new FullBuilds();
  try {
    await onServer(trial, directory, await builds.settings(), async (server) => {
      const refusals = { count: 0 };
      for (const freeBytes of steps(trial.count))
        await trial.case(`with ${freeBytes} bytes free`, () => deployInto(server, freeBytes, refusals));
      for (const freeBytes of steps(trial.count))
        await trial.case(`with ${freeBytes} bytes free for a build`, () =>
          buildInto(server, builds, freeBytes, refusals),
        );
      trial.notes.push(`${refusals.count} of ${2 * trial.count} deployments were refused for want of space`);
    });
  } finally {
    await builds.close();
  }
}

function events(trial: Trial, directory: string): Promise<void> {
  return onServer(trial, directory, {}, async (server) => {
    const full = await FullEvents.on(server);
    let deletions = 0;
    const count = Math.min(trial.count, mostForEvents);
    for (const freeBytes of steps(count))
      await trial.case(`with ${freeBytes} bytes free for events`, async () => {
        deletions += Number(await full.acceptAndDelete(freeBytes));
        await works(server, 'steady');
      });
    trial.notes.push(`${deletions} of ${count} times events were deleted on a full disk`);
  });
}

function* steps(count: number): Generator<number> {
  for (const step of upTo(count)) yield (step * stepBytes * 20) / count;
}

async function onServer(
  trial: Trial,
  directory: string,
  ofPart: Readonly<Record<string, string>>,
  work: (server: HostileServer) => Promise<void>,
): Promise<void> {
  const server = await HostileServer.start({ directory, settings: { ...settings, ...ofPart } });
  try {
    await server.client.deploy('steady', `exports.handler = () => 'steady';`, { isolation: 'warm' });
    await server.client.invoke('steady');
    const before = await holdingsOf(server);
    await work(server);
    trial.measured(await leftIn(server, before));
    await server.stop();
  } finally {
    await server.kill();
  }
}

async function buildInto(
  server: HostileServer,
  builds: FullBuilds,
  freeBytes: number,
  refusals: { count: number },
): Promise<void> {
  const answer = await builds.deployWith(freeBytes, server);
  if (answer.text.includes(server.directory)) throw new Error(`It tells a path: ${answer.text}`);
  if (answer.status === 201 && freeBytes > 0) await works(server, 'new');
  else if (answer.status === 507 && answer.code === 'INSUFFICIENT_STORAGE') {
    refusals.count += 1;
    await isInvisible(server);
  } else throw new Error(`${answer.status} ${answer.text}`);
  await works(server, 'steady');
  await server.client.delete('new');
  await server.client.deploy('new', await builds.code());
  await works(server, 'new');
  await server.client.delete('new');
}

async function deployInto(
  server: HostileServer,
  freeBytes: number,
  refusals: { count: number },
): Promise<void> {
  const { client, directory } = server;
  const filler = join(directory, 'filler');
  const upload = await beginUpload(server);
  try {
    await fillUpTo(filler, directory, freeBytes);
    const answer = await upload.finish();
    if (answer.body.includes(directory)) throw new Error(`It tells a path: ${answer.body}`);
    if (answer.status === 201) await works(server, 'new');
    else if (answer.status === 507 && answer.body.includes('"INSUFFICIENT_STORAGE"')) {
      refusals.count += 1;
      await isInvisible(server);
    } else throw new Error(`${answer.status} ${answer.body}`);
    await works(server, 'steady');
  } finally {
    await rm(filler, { force: true });
  }
  await client.delete('new');
  await client.deploy('new', archive());
  await works(server, 'new');
  const removed = await client.delete('new');
  if (removed.status !== 204) throw new Error(`Not removed: ${removed.status} ${removed.text}`);
}

function archive(): Buffer {
  const small = Array.from({ length: smallFiles }, (_, index) => [`small-${index}`, 'x'] as const);
  const large = { 'large.bin': noiseBytes(150 * 1024) };
  return zipOf({ 'index.js': `exports.handler = () => 'new';`, ...large, ...Object.fromEntries(small) });
}

/** Sends half of it and waits until it has arrived: the disk has room when the upload begins. */
async function beginUpload(server: HostileServer) {
  const head = '--b\r\nContent-Disposition: form-data; name="file"; filename="new.zip"\r\n\r\n';
  const body = Buffer.concat([Buffer.from(head), archive(), Buffer.from('\r\n--b--\r\n')]);
  const half = body.length / 2;
  const connection = await RawConnection.open(server.port);
  const type = 'Content-Type: multipart/form-data; boundary=b';
  connection.write(
    `POST /deploy HTTP/1.1\r\nHost: 127.0.0.1\r\n${type}\r\nContent-Length: ${body.length}\r\n\r\n`,
  );
  connection.write(body.subarray(0, half));
  await becomes(async () => (await server.filesIn('staging')).length > 0, patienceMs);
  return {
    async finish() {
      connection.write(body.subarray(half));
      const answer = await connection.response();
      connection.destroy();
      if (!answer) throw new Error('No answer.');
      return answer;
    },
  };
}

async function works({ client }: HostileServer, name: string): Promise<void> {
  const { status, text } = await client.invoke(name);
  if (status !== 200 || text !== `"${name}"`) throw new Error(`${name} answers ${status} ${text}`);
}

async function isInvisible(server: HostileServer): Promise<void> {
  if ((await server.client.get('/info/new')).status !== 404) throw new Error('Half of it is visible.');
  const isGone = async () =>
    (await server.filesIn('staging')).length === 0 && !(await server.filesIn('functions')).includes('new');
  if (!(await becomes(isGone, patienceMs))) throw new Error('It left files.');
}
