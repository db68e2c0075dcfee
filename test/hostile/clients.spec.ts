import { setTimeout as after } from 'node:timers/promises';
import { zipOf } from '../support/zip.js';
import type { Random } from '../support/archives/mutations.js';
import { RawConnection, rawRequest } from '../support/raw-connection.js';
import { withServer } from './with-server.js';
import { rudeRequests } from './clients/rude-requests.js';
import { slowClients } from './clients/slow-clients.js';
import { attack, inParallel, upTo } from './trial.js';

const settings = {
  GLAMBDAR_HEADERS_TIMEOUT_MS: '3000',
  GLAMBDAR_REQUEST_TIMEOUT_MS: '5000',
  GLAMBDAR_SEND_TIMEOUT_MS: '3000',
};
const functions = {
  waits: `exports.handler = async (event) => { await new Promise((done) => setTimeout(done, 100)); return { body: event.body.length }; };`,
  large: `exports.handler = async () => ({ body: 'x'.repeat(5 * 1024 * 1024) });`,
};

/** Uploads and calls that are given up at any moment, requests that are none, and clients that are slow on purpose. */
attack({
  name: 'clients',
  quick: 60,
  full: 1000,
  run: (trial) =>
    withServer(trial, { settings }, async (server) => {
      const { client, port } = server;
      const warm = { isolation: 'warm', maxContainers: 2 };
      for (const [name, code] of Object.entries(functions)) await client.deploy(name, code, warm);
      await client.deploy('fresh', functions.waits);
      for (const rude of rudeRequests)
        await trial.case(rude.title, async () => {
          await rude.meet(port);
        });
      for (const slow of slowClients)
        await trial.case(slow.title, async () => {
          await slow.meet(server);
        });
      await inParallel(upTo(trial.count), 6, (number) =>
        trial.case(`given up ${number}`, () => giveUp(port, trial.random)),
      );
      await trial.case('a call after all of them', async () => {
        const { status, text } = await client.invoke('waits', 'abc');
        if (status !== 200 || text !== '3') throw new Error(`${status} ${text}`);
      });
    }),
});

/** Sends a random part of a request, waits a random moment, and leaves in one of three ways. */
async function giveUp(port: number, random: Random): Promise<void> {
  const request = random(2) === 0 ? upload(random) : call(random);
  // Nearly always less than all of it; sometimes all, to leave in the middle of the work.
  const sent = random(4) === 0 ? request.length : random(request.length);
  const connection = await RawConnection.open(port);
  connection.write(request.subarray(0, sent));
  await after(random(200));
  if (random(3) === 0) connection.halfClose();
  if (random(3) === 0) await after(random(100));
  connection.destroy();
}

function upload(random: Random): Buffer {
  const zip = zipOf({
    'index.js': 'exports.handler = () => 1;',
    'large.bin': noise(random(300_000), random),
  });
  const head = `--b\r\nContent-Disposition: form-data; name="file"; filename="given-up-${random(1e6)}.zip"\r\n\r\n`;
  const body = Buffer.concat([Buffer.from(head), zip, Buffer.from('\r\n--b--\r\n')]);
  const headers = `POST /deploy HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: multipart/form-data; boundary=b\r\n`;
  return Buffer.concat([Buffer.from(`${headers}Content-Length: ${body.length}\r\n\r\n`), body]);
}

function call(random: Random): Buffer {
  const name = ['waits', 'waits', 'large', 'large', 'fresh'][random(5)] ?? 'waits';
  return Buffer.from(rawRequest('POST', `/invoke/${name}`, 'x'.repeat(random(100_000))));
}

function noise(bytes: number, random: Random): Buffer {
  const buffer = Buffer.alloc(bytes);
  for (let at = 0; at + 4 <= bytes; at += 4) buffer.writeUInt32LE(random(2 ** 32), at);
  return buffer;
}
