import { certificate, OutsideServers } from '../../test/support/egress/outside-servers.js';
import { expectedOfClients, Outside, WorkerOutside } from '../../test/support/egress/worker-outside.js';

const outside = new Outside();
let servers: OutsideServers;
let worker: WorkerOutside;

beforeAll(async () => {
  servers = await OutsideServers.start();
  worker = await WorkerOutside.start(outside, 'real-clients', ['service.test:*']);
});

afterAll(async () => {
  await worker.end();
  servers.stop();
  outside.end();
});

describe('an unmodified npm client reaches the outside', () => {
  it.each(Object.entries(expectedOfClients))('%s', async (client, result) => {
    const answered = await worker.call({
      client,
      host: 'service.test',
      ports: servers.ports,
      ca: certificate,
    });
    expect(answered).toEqual({ result });
  });
});
