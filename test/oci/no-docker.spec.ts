import { jest } from '@jest/globals';
import { existsSync } from 'node:fs';
import { handlerZip } from '../support/zip.js';
import { patientlyMs, Served } from '../support/served.js';

jest.setTimeout(patientlyMs);

/** What would name a Docker Engine leads nowhere: whoever asks for one fails. */
const noDocker = {
  DOCKER_HOST: 'unix:///nowhere/docker.sock',
  GLAMBDAR_DOCKER_SOCKET: '/nowhere/docker.sock',
};

describe('a machine without a Docker Engine', () => {
  let served: Served;
  beforeAll(async () => {
    served = await Served.start(noDocker);
  }, patientlyMs);
  afterAll(() => served.expectCleanEnd(), patientlyMs);

  it('is all that a server needs to deploy and to call', async () => {
    await served.deploy('hello', handlerZip('() => "from no daemon"'));
    expect((await served.invoke('hello')).json).toBe('from no daemon');
    expect(existsSync('/nowhere')).toBe(false);
  });

  it('has a server that is healthy', async () => {
    const { status, json } = await served.get('/health/ready');
    const { details } = json as { details: Record<string, { status: string }> };
    const statuses = Object.entries(details).map(([name, check]) => [name, check.status]);
    expect([status, Object.fromEntries(statuses)]).toEqual([
      200,
      { engine: 'up', image: 'up', store: 'up', disk: 'up', accepting: 'up' },
    ]);
  });
});
