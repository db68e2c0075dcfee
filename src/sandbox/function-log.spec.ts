import { deployedFunction } from '../../test/support/builders/functions.js';
import {
  call,
  callAndRelease,
  deployed,
  endsWithNothingLeft,
  never,
  start,
  world,
} from '../../test/support/sandbox-scene.js';
import { until } from '../../test/support/sandbox-world.js';

afterEach(endsWithNothingLeft);

describe('the log of a function', () => {
  const said = () =>
    world.events.lines
      .filter(({ stream }) => stream === 'runtime')
      .map(({ level, text }) => `${level} ${text}`);

  it('says that a container ended while it waited, and how', async () => {
    await start();
    await deployed();
    world.engine.all[0]!.end({ exitCode: 137, outOfMemory: false });
    await until(() => said().length > 0);
    expect(said()).toEqual([
      'warn While no call ran, a container ended: exit code 137 (SIGKILL). It is replaced.',
    ]);
    expect(world.events.lines.at(-1)).toMatchObject({ phase: 'load', invocationId: null });
  });

  it('says that top-level code ended its process, or did not come to its end', async () => {
    await start();
    const subject = deployedFunction();
    world.scripts.set(subject.name, { load: 'exit' });
    await expect(world.sandboxes.provision(subject)).rejects.toMatchObject({ code: 'FUNCTION_EXITED' });
    world.scripts.set(subject.name, { load: 'hang' });
    const slow = expect(world.sandboxes.provision(subject)).rejects.toMatchObject({
      code: 'FUNCTION_INIT_TIMEOUT',
    });
    await until(() => world.loadsOf(subject.name) === 2);
    world.clock.advance(10_000);
    await slow;
    expect(said()).toEqual([
      "error The process ended while the function's code was loaded: exit code 1.",
      expect.stringMatching(/^error .*did not finish within 10000 ms/),
    ]);
  });

  it('says that a warm container was still at work after its answer, or has served its calls', async () => {
    await start({ warmCalls: 2 });
    const warm = deployedFunction({ settings: { isolation: 'warm' } });
    world.scripts.set(warm.name, { asksForNext: false });
    await callAndRelease(warm);
    world.clock.advance(1000);
    await until(() => said().length === 1);
    world.scripts.delete(warm.name);
    await callAndRelease(warm);
    await callAndRelease(warm);
    expect(said()).toEqual([
      'warn The container was still at work after its answer, and is replaced.',
      expect.stringMatching(/^debug .*2 calls.*GLAMBDAR_WARM_CALLS/),
    ]);
  });

  it('says nothing of a container that ends as it should, nor twice of a call that failed', async () => {
    await start();
    const subject = await deployed({ isolation: 'warm' });
    world.scripts.set(subject.name, { invoke: 'exit' });
    const failing = { ...subject, revision: 2 };
    const acquired = await world.sandboxes.acquire(failing, never);
    await expect(call(acquired)).rejects.toMatchObject({ code: 'FUNCTION_EXITED', cause: { exitCode: 1 } });
    world.sandboxes.release(acquired);
    world.sandboxes.forget(subject);
    await until(() => world.engine.all.length === 0);
    expect(said()).toEqual([]);
  });
});
