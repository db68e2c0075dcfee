import {
  containerHarness,
  installationId,
  plainProgram,
  settled,
} from '../../test/support/container-harness.js';
import type { EngineErrorKind } from './engine/container-engine.js';

describe('a launch', () => {
  it('takes the container through its states and asks the engine no more than it must', async () => {
    const { engine, service, moves, launch } = containerHarness();
    const container = await launch();
    expect(container.state).toBe('started');
    expect(service.running).toBe(1);
    await container.remove();
    expect(moves.map(({ to }) => to)).toEqual([
      'creating',
      'created',
      'starting',
      'started',
      'removing',
      'removed',
    ]);
    expect(engine.calls).toEqual(['create', 'attach', 'start', 'remove']);
  });

  it('names the container and its owner, and limits it', async () => {
    const { engine, service } = containerHarness();
    const resources = { memoryMiB: 256, cpuMillis: 500, tmpMiB: 32 };
    await service.launch({
      program: { ...plainProgram, environment: { HOME: '/tmp' } },
      runDirectory: '/run/1',
      codeDirectory: undefined,
      token: 'secret',
      resources,
    });
    const { spec } = engine.all[0]!;
    expect(spec.policy).toMatchObject({
      limits: { memoryBytes: 256 * 1024 * 1024, cpuMillis: 500, processes: 64 },
      mounts: { temporary: { bytes: 32 * 1024 * 1024 } },
    });
    expect(spec.program).toEqual({
      ...plainProgram,
      environment: { GLAMBDAR_TOKEN: 'secret', HOME: '/tmp' },
    });
    expect(spec.name).toMatch(/^glambdar-0badcafe-[0-9a-f]{6}-1$/);
    expect(spec.owner).toEqual({ installation: installationId, instance: spec.name.split('-')[2] });
  });

  it('says that the platform is short of something where its user cannot be written down, asks no engine, and keeps no user id', async () => {
    const { accounts, engine, service, launch } = containerHarness();
    accounts.diskIsFull = true;
    await expect(launch()).rejects.toMatchObject({ code: 'RUNTIME_UNAVAILABLE' });
    expect(engine.calls).toEqual([]);
    expect([service.running, service.uidsInUse]).toEqual([0, 0]);
  });

  it('gives two containers two names and two user ids', async () => {
    const { engine, launch } = containerHarness();
    await Promise.all([launch(), launch()]);
    const [first, second] = engine.all.map(({ spec }) => spec);
    expect(first!.policy.identity.userId).not.toBe(second!.policy.identity.userId);
    expect(first!.name).not.toBe(second!.name);
  });

  it('passes on what is printed, from the first byte, and says when the process ended and how', async () => {
    const { engine, launch } = containerHarness();
    const container = await launch();
    engine.all[0]!.print('stdout', 'early ');
    const heard: string[] = [];
    container.onOutput((stream, bytes) => heard.push(`${stream}:${bytes.toString()}`));
    engine.all[0]!.print('stderr', 'late');
    engine.all[0]!.end({ exitCode: 3, outOfMemory: false });
    await container.ended;
    expect(heard).toEqual(['stdout:early ', 'stderr:late']);
    expect(container.output.lastLines()).toBe('early late');
    await expect(container.exit()).resolves.toEqual({ exitCode: 3, outOfMemory: false });
  });

  it('does not wait longer than the limit for how a container ended', async () => {
    const { clock, launch } = containerHarness({ exitTimeoutMs: 2000 });
    const container = await launch();
    const exit = container.exit();
    clock.advance(2000);
    await expect(exit).resolves.toBeUndefined();
    expect(clock.pendingTimers).toBe(0);
  });

  it('lets no more launches at the engine than it may, and no more into line', async () => {
    const { engine, launch } = containerHarness({ parallelLaunches: 1, launchesWaiting: 1 });
    const release = engine.hangCall(1);
    const first = launch();
    const second = launch();
    await expect(launch()).rejects.toMatchObject({ code: 'OVERLOADED' });
    await settled();
    expect(engine.calls).toEqual(['create']);
    release();
    await Promise.all([first, second]);
    expect(engine.all).toHaveLength(2);
  });
});

describe('a launch whose image is missing', () => {
  const withoutImages = () => {
    const harness = containerHarness();
    harness.engine.images.clear();
    return harness;
  };
  const missing = { code: 'IMAGE_MISSING', message: expect.stringContaining('nodejs24.x') as string };

  it('has it built, and succeeds; launches at the same time wait for the same build', async () => {
    const { builder, engine, launch } = withoutImages();
    builder.work = async () => {
      engine.images.add('glambdar-worker');
    };
    const launched = await Promise.all([launch(), launch()]);
    expect(launched.map(({ state }) => state)).toEqual(['started', 'started']);
    expect(builder.built).toEqual(['nodejs24.x']);
  });

  it('is refused when nothing can build it, and for a while nobody tries again', async () => {
    const { builder, clock, engine, launch, service } = withoutImages();
    await expect(launch()).rejects.toMatchObject(missing);
    await expect(launch()).rejects.toMatchObject(missing);
    expect(builder.built).toHaveLength(1);
    clock.advance(30_000);
    builder.work = async () => {
      engine.images.add('glambdar-worker');
    };
    await expect(launch()).resolves.toMatchObject({ state: 'started' });
    expect(service.running).toBe(1);
  });

  it('is refused when it is missing after all, and nothing is left', async () => {
    const { builder, launch, service } = withoutImages();
    builder.work = () => Promise.resolve();
    await expect(launch()).rejects.toMatchObject(missing);
    await settled();
    expect([service.running, service.uidsInUse]).toEqual([0, 0]);
  });
});

describe('a launch that fails', () => {
  it.each<[EngineErrorKind, string]>([
    ['unreachable', 'RUNTIME_UNAVAILABLE'],
    ['timeout', 'RUNTIME_UNAVAILABLE'],
    ['refused', 'RUNTIME_UNAVAILABLE'],
    ['conflict', 'RUNTIME_UNAVAILABLE'],
    ['image-missing', 'IMAGE_MISSING'],
  ])('says so in the words of the domain: %s is %s', async (kind, code) => {
    const { engine, launch } = containerHarness();
    engine.failCall(1, kind);
    await expect(launch()).rejects.toMatchObject({ name: 'DomainError', code, cause: { kind } });
  });

  const calls = ['create', 'attach', 'start', 'remove'];
  const kinds = ['refused', 'timeout', 'unreachable'] as const;
  const rounds = calls.flatMap((call, index) =>
    kinds.flatMap((kind) => [true, false].map((workDone) => ({ call, nth: index + 1, kind, workDone }))),
  );

  it.each(rounds)(
    'leaves nothing when $call is $kind, its work done: $workDone',
    async ({ nth, kind, workDone }) => {
      const { clock, engine, service, launch } = containerHarness();
      engine.failCall(nth, kind, { workDone });
      const launching = launch().then((container) => container.remove());
      // The removal is off the caller's path: that it fails is the reaper's business alone.
      await (nth < 4 ? expect(launching).rejects.toMatchObject({ code: 'RUNTIME_UNAVAILABLE' }) : launching);
      for (let second = 0; second < 5; second += 1) {
        clock.advance(1000);
        await settled();
      }
      expect(engine.all).toEqual([]);
      expect([service.running, service.leaked, service.uidsInUse, clock.pendingTimers]).toEqual([0, 0, 0, 0]);
      await expect(launch()).resolves.toBeDefined();
    },
  );

  it('frees the connection to the output without waiting for the removal', async () => {
    const { engine, launch } = containerHarness();
    engine.failCall(3, 'refused');
    engine.hangCall(4);
    await expect(launch()).rejects.toMatchObject({ code: 'RUNTIME_UNAVAILABLE' });
    expect(engine.all.map(({ attached }) => attached)).toEqual([0]);
  });

  it('is refused at once while the engine is known to be down', async () => {
    const { clock, engine, health, launch } = containerHarness();
    engine.down = true;
    await health.probe();
    await expect(launch()).rejects.toMatchObject({
      code: 'RUNTIME_UNAVAILABLE',
      details: { retryAfterMs: 1000 },
    });
    expect(engine.calls).toEqual(['ping']);
    engine.down = false;
    clock.advance(1000);
    await settled();
    await expect(launch()).resolves.toBeDefined();
  });
});

describe('a sweep', () => {
  async function leftBehind(engine: ReturnType<typeof containerHarness>['engine'], installation: string) {
    const other = containerHarness();
    const container = await other.launch();
    const { spec } = other.engine.all[0]!;
    const owner = { installation, instance: 'f00d' };
    await engine.create({ ...spec, name: `${container.name}-${installation}`, owner });
  }

  it('removes at boot what an earlier server of this installation left, and nobody else’s', async () => {
    const { engine, service } = containerHarness();
    await leftBehind(engine, installationId);
    await leftBehind(engine, '11111111');
    await service.start();
    expect(engine.all.map(({ spec }) => spec.owner.installation)).toEqual(['11111111']);
    expect(service.leaked).toBe(0);
  });

  it('lets the server boot while the engine is down, and comes later', async () => {
    const { clock, engine, service } = containerHarness();
    await leftBehind(engine, installationId);
    engine.down = true;
    await service.start();
    engine.down = false;
    clock.advance(1000);
    await settled();
    expect(engine.all).toEqual([]);
  });

  it('comes again and again, and leaves the containers in use alone', async () => {
    const { clock, engine, service, launch } = containerHarness({ sweepIntervalMs: 60_000 });
    await service.start();
    const container = await launch();
    for (const round of [1, 2]) {
      await leftBehind(engine, installationId);
      clock.advance(60_000);
      await settled();
      expect([round, engine.all.map(({ spec }) => spec.name)]).toEqual([round, [container.name]]);
    }
  });

  it('leaves a container alone while it is being created', async () => {
    const { engine, service, launch } = containerHarness();
    const launching = launch();
    await expect(service.sweep()).resolves.toBe(0);
    await expect(launching).resolves.toBeDefined();
    expect(engine.all).toHaveLength(1);
  });
});

describe('a drain', () => {
  it('removes every container, refuses launches and leaves no timer', async () => {
    const { clock, engine, service, launch } = containerHarness();
    await service.start();
    await Promise.all([launch(), launch()]);
    await service.drain();
    expect(engine.all).toEqual([]);
    expect(clock.pendingTimers).toBe(0);
    await expect(launch()).rejects.toMatchObject({ code: 'DRAINING' });
  });

  it('undoes a launch that is still running', async () => {
    const { engine, service, launch } = containerHarness();
    const release = engine.hangCall(1);
    const launching = launch();
    await settled();
    const draining = service.drain();
    release();
    await expect(launching).rejects.toMatchObject({ code: 'DRAINING' });
    await draining;
    expect(engine.all).toEqual([]);
  });

  it('ends after its limit when a container cannot be removed', async () => {
    const { clock, engine, service, launch } = containerHarness({ drainTimeoutMs: 5000 });
    await launch();
    engine.hangCall(1);
    const draining = service.drain();
    clock.advance(5000);
    await draining;
    expect(clock.pendingTimers).toBe(0);
  });

  it('is one, however often it is asked for', async () => {
    const { service } = containerHarness();
    expect(service.drain()).toBe(service.drain());
    await service.drain();
  });
});
