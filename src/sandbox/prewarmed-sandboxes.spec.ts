import { deployedFunction } from '../../test/support/builders/functions.js';
import {
  callAndRelease,
  endsWithNothingLeft,
  never,
  start,
  world,
} from '../../test/support/sandbox-scene.js';
import { until } from '../../test/support/sandbox-world.js';

afterEach(endsWithNothingLeft);

describe('a prewarmed container', () => {
  it('becomes the function of a call that finds nothing ready, and is replaced when that is over', async () => {
    await start({ prewarmedContainers: 1 });
    await until(() => world.sandboxes.snapshot().prewarmed === 1);
    expect(await callAndRelease(deployedFunction())).toBe('prewarmed');
    expect(world.sandboxes.snapshot()).toMatchObject({ prewarmed: 0, provisioning: 0 });
    world.clock.advance(10);
    await until(() => world.sandboxes.snapshot().prewarmed === 1);
  });

  it.each([{ memoryMiB: 256 }, { cpuMillis: 500 }, { tmpMiB: 32 }])(
    'is not given to a function with resources of its own: %j',
    async (resources) => {
      await start({ prewarmedContainers: 1, parallelProvisions: 1 });
      await until(() => world.sandboxes.snapshot().prewarmed === 1);
      expect(await callAndRelease(deployedFunction({ settings: resources }))).toBe('cold');
      expect(world.sandboxes.snapshot().prewarmed).toBe(1);
    },
  );

  it('is given to functions of its runtime only, and kept of runtimes that are used', async () => {
    await start({ prewarmedContainers: 1 });
    const imagesOfPrewarmed = () =>
      world.engine.all.map(({ spec }) => spec.program.image).sort((one, other) => one.localeCompare(other));
    await until(() => world.sandboxes.snapshot().prewarmed === 1);
    expect(imagesOfPrewarmed()).toEqual(['glambdar-worker']);
    const other = deployedFunction({ settings: { runtime: 'nodejs22.x' } });
    expect(await callAndRelease(other)).toBe('cold');
    world.clock.advance(10);
    await until(() => world.sandboxes.snapshot().prewarmed === 2);
    world.sandboxes.forget(other);
    world.clock.advance(1000);
    await until(() => imagesOfPrewarmed().length === 1);
    expect(imagesOfPrewarmed()).toEqual(['glambdar-worker']);
  });

  it('is given to one that chose what is the default anyway', async () => {
    await start({ prewarmedContainers: 1, parallelProvisions: 1 });
    await until(() => world.sandboxes.snapshot().prewarmed === 1);
    expect(await callAndRelease(deployedFunction({ settings: { memoryMiB: 128 } }))).toBe('prewarmed');
  });

  it('that died does not fail the call: a container is made for it', async () => {
    await start({ prewarmedContainers: 1 });
    await until(() => world.sandboxes.snapshot().prewarmed === 1);
    world.engine.all[0]!.end({ exitCode: 1, outOfMemory: false });
    const acquired = await world.sandboxes.acquire(deployedFunction(), never);
    expect(acquired.sandbox.isReady).toBe(true);
    await acquired.sandbox.dispose();
  });
});
