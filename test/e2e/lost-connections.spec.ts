import { jest } from '@jest/globals';
import { OutsideServers } from '../support/egress/outside-servers.js';
import { handlerZip } from '../support/zip.js';
import { eventually } from '../support/eventually.js';
import { patientlyMs, Served } from '../support/served.js';

jest.setTimeout(patientlyMs);

let servers: OutsideServers;
let served: Served;
beforeAll(async () => {
  servers = await OutsideServers.start();
  served = await Served.start({
    GLAMBDAR_EGRESS_ALLOWED_RANGES: '127.0.0.1/32',
    GLAMBDAR_EGRESS_IDLE_TIMEOUT_SECONDS: '4',
  });
}, patientlyMs);
afterAll(async () => {
  await served.expectCleanEnd();
  servers.stop();
}, patientlyMs);

/** Top-level code connects once, as a driver without a pool does, and each call uses that connection. */
const connectsOnce = (port: number) =>
  handlerZip(
    `({ body }) => new Promise((resolve) => {
      const told = (result) => resolve({ statusCode: 200, body: { result } });
      connection.once('data', (bytes) => told(bytes.toString()));
      if (connection.destroyed || connection.readableEnded) told('dead');
      else connection.write(body);
    })`,
    `const connection = require('node:net').connect(${port}, '127.0.0.1');
     connection.on('error', () => undefined);`,
  );

describe.each(['fresh', 'warm'])('a %s function that connects in its top-level code', (isolation) => {
  it('answers after its container has waited longer than the limit for idle connections', async () => {
    const { echo } = servers.ports;
    const settings = { isolation, egress: [`127.0.0.1:${echo}`], maxContainers: 1 };
    await served.deploy(isolation, connectsOnce(echo), settings);
    const isCut = ({ msg, function: name }: (typeof served.log)[number]) =>
      msg === 'connection cut' && name === isolation;
    for (const round of ['first', 'second']) {
      const before = served.log.filter(isCut).length;
      await eventually('the cut of a waiting connection', () =>
        served.log.filter(isCut).length > before ? true : undefined,
      );
      const answer = await served.invoke(isolation, round);
      expect([answer.status, answer.json]).toEqual([200, { result: round }]);
    }
  });
});
