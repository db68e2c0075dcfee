import { deployedFunction } from '../../test/support/builders/functions.js';
import {
  call,
  callAndRelease,
  deployed,
  endsWithNothingLeft,
  never,
  restartWith,
  start,
  world,
} from '../../test/support/sandbox-scene.js';
import { until } from '../../test/support/sandbox-world.js';

afterEach(endsWithNothingLeft);

describe('a function that is deleted', () => {
  it('a function deleted while its container is made keeps none', async () => {
    const subject = deployedFunction({ settings: { minContainers: 1 } });
    const release = await restartWith(subject);
    world.sandboxes.forget(subject);
    release();
    await until(() => world.sandboxes.snapshot().provisioning === 0 && world.engine.all.length === 0);
  });

  it('a function deleted while a call waits still serves that call', async () => {
    await start();
    const subject = deployedFunction();
    const release = world.engine.hangCall(1);
    const acquiring = world.sandboxes.acquire(subject, never);
    world.sandboxes.forget(subject);
    release();
    const acquired = await acquiring;
    await expect(call(acquired)).resolves.toMatchObject({ head: { statusCode: 200 } });
    world.sandboxes.release(acquired);
  });

  it('a call that was admitted before its function was deleted keeps nothing ready behind it', async () => {
    await start();
    const subject = deployedFunction();
    world.sandboxes.forget(subject);
    expect(await callAndRelease(subject)).toBe('cold');
    world.clock.advance(1000);
    await until(() => world.engine.all.length === 0);
    expect(world.sandboxes.snapshot()).toMatchObject({ ready: 0, provisioning: 0 });
  });

  it('a function deployed again never gets a container of the one before', async () => {
    await start();
    const before = await deployed();
    const after = { ...deployedFunction(), name: before.name };
    world.sandboxes.forget(before);
    expect(await callAndRelease(after)).toBe('cold');
  });
});
