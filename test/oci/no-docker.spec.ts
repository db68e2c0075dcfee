import { jest } from '@jest/globals';
import { existsSync } from 'node:fs';
import { TestRegistry } from '../support/builds/test-registry.js';
import { Latch, reachesLatch } from '../support/latch.js';
import { handlerZip, zipOf } from '../support/zip.js';
import { patientlyMs, Served } from '../support/served.js';

jest.setTimeout(patientlyMs);

/** What would name a Docker Engine leads nowhere: whoever asks for one fails. */
const noDocker = {
  DOCKER_HOST: 'unix:///nowhere/docker.sock',
  GLAMBDAR_DOCKER_SOCKET: '/nowhere/docker.sock',
};

describe('a machine without a Docker Engine', () => {
  let registry: TestRegistry;
  let outside: Latch;
  let served: Served;
  beforeAll(async () => {
    registry = await TestRegistry.open({ small: {} });
    outside = await Latch.closed();
    outside.open();
    served = await Served.start({
      ...noDocker,
      ...reachesLatch,
      GLAMBDAR_BUILD_REGISTRIES: registry.url,
      GLAMBDAR_BUILD_FETCH_TIMEOUT_SECONDS: '300',
    });
  }, patientlyMs);
  afterAll(async () => {
    await served.expectCleanEnd();
    await outside.remove();
    registry.close();
  }, patientlyMs);
  afterEach(() => {
    expect(existsSync('/nowhere')).toBe(false);
  });

  it('is all that a server needs to deploy and to call', async () => {
    await served.deploy('hello', handlerZip('() => "from no daemon"'));
    expect((await served.invoke('hello')).json).toBe('from no daemon');
  });

  it('is all that a build needs', async () => {
    const dependencies = { small: `${registry.url}small/-/small-1.0.0.tgz` };
    const files = {
      'index.js': `require.resolve('small/package.json'); exports.handler = () => 'built';`,
      'package.json': JSON.stringify({ dependencies }),
    };
    await served.deploy('built', zipOf(files));
    expect((await served.invoke('built')).json).toBe('built');
  });

  it('is all that a function needs to reach what it may', async () => {
    await served.deploy('outgoing', handlerZip(`async () => String(await ${outside.opened})`), {
      egress: outside.egress,
    });
    expect((await served.invoke('outgoing')).json).toBe('go on');
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
