import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import type { FakeContainer } from '../../test/fakes/fake-container-engine.js';
import { deployedFunction } from '../../test/support/builders/functions.js';
import { invokeMessage } from '../../test/support/messages.js';
import { nothingLeft, sandboxWorld, until, type SandboxWorld } from '../../test/support/sandbox-world.js';
import { Cancellation } from '../common/time/cancellation.js';
import type { DeployedFunction, FunctionSettings } from '../functions/function.js';

const never = new Cancellation();
const idleMs = 300_000;

let world: SandboxWorld;
let database: Server;

beforeEach(async () => {
  world = await sandboxWorld();
  world.sandboxes.start([]);
  database = createServer((socket) => socket.on('error', () => undefined)).listen(0, '127.0.0.1');
  await once(database, 'listening');
});

afterEach(async () => {
  expect(await world.end()).toEqual(nothingLeft);
  database.close();
});

const port = () => (database.address() as AddressInfo).port;

/** A function whose first container is ready, and which may connect to the database. */
async function deployed(settings: Partial<FunctionSettings> = {}): Promise<DeployedFunction> {
  const egress = [`127.0.0.1:${port()}`];
  const subject = deployedFunction({ settings: { egress, idleTimeoutSeconds: 86_400, ...settings } });
  await world.sandboxes.provision(subject);
  return subject;
}

/** What top-level code does: a connection through the container's egress, which stays open. */
async function connectFrom(container: FakeContainer): Promise<Socket> {
  const socket = connect(join(container.runDirectory, 'egress'));
  socket.on('error', () => undefined);
  socket.write(`connect 127.0.0.1 ${port()}\n`);
  const [answer] = (await once(socket, 'data')) as [Buffer];
  expect(answer.toString()).toMatch(/^ok /);
  return socket;
}

async function call(subject: DeployedFunction): Promise<string> {
  const acquired = await world.sandboxes.acquire(subject, never);
  const limits = { timeoutMs: 1000, cancellation: never };
  await acquired.sandbox.invoke(invokeMessage, Buffer.alloc(0), limits);
  world.sandboxes.release(acquired);
  return acquired.origin;
}

const onlyContainer = () => world.engine.all[0]!;

describe.each(['fresh', 'warm'] as const)(
  'a waiting %s container whose connection was cut for idleness',
  (isolation) => {
    it('is given to no call, and is replaced', async () => {
      const subject = await deployed({ isolation, maxContainers: 1 });
      const first = onlyContainer();
      await connectFrom(first);
      world.clock.advance(idleMs);
      expect(world.sandboxes.snapshot()).toMatchObject({ idleCut: 1, ready: 0 });
      // The pools are looked after once a second.
      world.clock.advance(1000);
      await until(() => world.sandboxes.snapshot().ready === 1);
      await until(() => !world.engine.all.includes(first));
      expect(await call(subject)).toBe('fresh-pool');
    });

    it('is not waited for by a call that comes before its replacement', async () => {
      const subject = await deployed({ isolation, maxContainers: 1 });
      await connectFrom(onlyContainer());
      world.clock.advance(idleMs);
      expect(await call(subject)).toBe('cold');
    });
  },
);

describe('a container keeps serving', () => {
  it('when the other side closes the connection, which its code can see', async () => {
    const subject = await deployed();
    const accepted = once(database, 'connection') as Promise<[Socket]>;
    const socket = await connectFrom(onlyContainer());
    const [atDatabase] = await accepted;
    atDatabase.destroy();
    await once(socket.resume(), 'close');
    expect(world.sandboxes.snapshot()).toMatchObject({ idleCut: 0, ready: 1 });
    expect(await call(subject)).toBe('fresh-pool');
  });

  it('when it was called within the limit, however long its connection has carried nothing', async () => {
    const subject = await deployed({ isolation: 'warm', maxContainers: 1 });
    await connectFrom(onlyContainer());
    world.clock.advance(idleMs - 1000);
    await call(subject);
    await until(() => world.sandboxes.snapshot().ready === 1);
    world.clock.advance(idleMs - 1000);
    expect(await call(subject)).toBe('warm');
  });
});

describe('a warm container whose connection was cut during a call', () => {
  it('ends that call in peace, and is given no other', async () => {
    const subject = await deployed({ isolation: 'warm', maxContainers: 1 });
    const first = onlyContainer();
    await connectFrom(first);
    const acquired = await world.sandboxes.acquire(subject, never);
    world.clock.advance(idleMs);
    const limits = { timeoutMs: 1000, cancellation: never };
    await acquired.sandbox.invoke(invokeMessage, Buffer.alloc(0), limits);
    world.sandboxes.release(acquired);
    await until(() => !world.engine.all.includes(first));
    expect(await call(subject)).not.toBe('warm');
  });
});

it('a container that loses its connection as soon as it has it is not replaced at full speed', async () => {
  await deployed();
  const accepted = once(database, 'connection') as Promise<[Socket]>;
  (await connectFrom(onlyContainer())).resume();
  const [atDatabase] = await accepted;
  // More than a connection may carry; no second of the clock has passed.
  atDatabase.write(Buffer.alloc(2 * 1024 * 1024));
  await until(() => world.sandboxes.snapshot().idleCut === 1);
  // What has room is made whenever something was made.
  await world.sandboxes.provision(deployedFunction());
  expect(world.sandboxes.snapshot()).toMatchObject({ provisioning: 0, ready: 1 });
  world.clock.advance(2000);
  await until(() => world.sandboxes.snapshot().ready === 2);
});
