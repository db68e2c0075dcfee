import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ReadScheduler } from '../../../common/read-scheduler/read-scheduler.js';
import { SystemClock } from '../../../common/time/clock.js';
import { DockerEngine } from './docker-engine.js';

const patientlyMs = 10_000;
const before = process.env['DOCKER_HOST'];

let directory: string;
const servers: Server[] = [];

/** Answers every request, and counts them. */
async function listen(on: string | number): Promise<{ server: Server; asked: () => number }> {
  let requests = 0;
  const server = createServer((_, response) => {
    requests += 1;
    response.end('OK');
  });
  servers.push(server);
  await once(typeof on === 'number' ? server.listen(on, '127.0.0.1') : server.listen(on), 'listening');
  return { server, asked: () => requests };
}

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'gl-'));
});

afterEach(async () => {
  if (before === undefined) delete process.env['DOCKER_HOST'];
  else process.env['DOCKER_HOST'] = before;
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
  await rm(directory, { recursive: true });
});

it('the engine is asked over its socket, whatever DOCKER_HOST says', async () => {
  const socketPath = join(directory, 'engine.sock');
  const [socket, network] = [await listen(socketPath), await listen(0)];
  process.env['DOCKER_HOST'] = `tcp://127.0.0.1:${(network.server.address() as AddressInfo).port}`;
  const clock = new SystemClock();
  const engine = new DockerEngine(clock, new ReadScheduler(clock), {
    socketPath,
    pingTimeoutMs: patientlyMs,
    attachTimeoutMs: patientlyMs,
    callTimeoutMs: patientlyMs,
  });
  await engine.ping();
  expect([socket.asked(), network.asked()]).toEqual([1, 0]);
});
