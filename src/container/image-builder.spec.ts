import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ManualClock } from '../../test/fakes/manual-clock.js';
import { eventually } from '../../test/support/eventually.js';
import { graceMs, ImageBuilder } from './image-builder.js';

const program = {
  runtime: 'nodejs22.x',
  image: 'glambdar-worker-nodejs22.x:0',
  command: [],
  environment: {},
};

let directory: string;
let clock: ManualClock;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'gl-image-'));
  clock = new ManualClock();
});
afterEach(async () => {
  expect(clock.pendingTimers).toBe(0);
  await rm(directory, { recursive: true });
});

async function builderWith(code: string): Promise<ImageBuilder> {
  const imageProgram = join(directory, 'build.mjs');
  await writeFile(imageProgram, code);
  return new ImageBuilder(clock, { imageProgram, imageTimeoutMs: 1000 });
}

describe('the building of an image', () => {
  it('runs the program of the settings with the runtime and the reference that the image must get', async () => {
    const said = join(directory, 'said');
    const builder = await builderWith(`import { writeFileSync } from 'node:fs';
      writeFileSync(${JSON.stringify(said)}, process.argv.slice(2).join(' '));`);
    await builder.build(program);
    await expect(readFile(said, 'utf8')).resolves.toBe('nodejs22.x --as=glambdar-worker-nodejs22.x:0');
  });

  it('fails with what the program says', async () => {
    const builder = await builderWith(`console.error('no registry'); process.exitCode = 1;`);
    await expect(builder.build(program)).rejects.toThrow('no registry');
  });

  it('gives the program the environment, but of the server’s settings only the engine: others may be secrets', async () => {
    const said = join(directory, 'said');
    const builder = await builderWith(`import { writeFileSync } from 'node:fs';
      writeFileSync(${JSON.stringify(said)}, JSON.stringify(process.env));`);
    const passedOn = {
      npm_config_registry: 'https://registry.example',
      GLAMBDAR_DOCKER_SOCKET: '/run/engine.sock',
    };
    const given = { ...passedOn, GLAMBDAR_SECRETS_KEY: 'secret', GLAMBDAR_ANYTHING: 'else' };
    Object.assign(process.env, given);
    try {
      await builder.build(program);
    } finally {
      for (const name of Object.keys(given)) Reflect.deleteProperty(process.env, name);
    }
    const environment = JSON.parse(await readFile(said, 'utf8')) as Record<string, string>;
    expect(environment).toMatchObject(passedOn);
    // Whoever runs the tests may have chosen an engine, too.
    expect(
      Object.keys(environment)
        .filter((name) => name in given)
        .sort(),
    ).toEqual(Object.keys(passedOn).sort());
  });

  it('fails where there is no program for it', async () => {
    const builder = new ImageBuilder(clock, { imageProgram: '', imageTimeoutMs: 1000 });
    await expect(builder.build(program)).rejects.toThrow('nodejs22.x');
  });

  const forever = 'setInterval(() => {}, 1000);';

  it('ends at its limit, with all that it has started', async () => {
    const builder = await builderWith(
      `import { spawn } from 'node:child_process';
       spawn(process.execPath, ['-e', ${JSON.stringify(forever)}], { stdio: 'inherit' });`,
    );
    const building = builder.build(program);
    clock.advance(1000);
    await expect(building).rejects.toThrow('could not be built');
  });

  it('ends at its limit though the program hears no signal and a process that left its group is still there', async () => {
    const ready = join(directory, 'ready');
    const builder = await builderWith(
      `import { spawn } from 'node:child_process';
       import { writeFileSync } from 'node:fs';
       process.on('SIGTERM', () => {});
       const left = spawn(process.execPath, ['-e', ${JSON.stringify(forever)}], { stdio: 'inherit', detached: true });
       writeFileSync(${JSON.stringify(ready)}, String(left.pid));
       ${forever}`,
    );
    const building = builder.build(program);
    const leftPid = await eventually(
      'the program names what it started',
      async () => Number(await readFile(ready, 'utf8').catch(() => undefined)) || undefined,
    );
    try {
      clock.advance(1000 + graceMs);
      await expect(building).rejects.toThrow('could not be built');
    } finally {
      process.kill(leftPid, 'SIGKILL');
    }
  });

  it('ends with the server, and none begins after that', async () => {
    const builder = await builderWith(forever);
    const building = builder.build(program);
    const stopping = builder.stop();
    await expect(building).rejects.toThrow('could not be built');
    await stopping;
    await expect(builder.build(program)).rejects.toThrow('nodejs22.x');
  });

  it('is refused by the server’s own program when the server was built anew since', async () => {
    const imageProgram = fileURLToPath(new URL('../../scripts/image.mjs', import.meta.url));
    const builder = new ImageBuilder(clock, { imageProgram, imageTimeoutMs: 1000 });
    await expect(builder.build(program)).rejects.toThrow(/rebuilt since it started: restart it/);
  });

  it('is refused by the server’s own program when the image is the operator’s', async () => {
    const imageProgram = fileURLToPath(new URL('../../scripts/image.mjs', import.meta.url));
    const builder = new ImageBuilder(clock, { imageProgram, imageTimeoutMs: 1000 });
    const custom = { ...program, image: 'registry.example/worker:7' };
    await expect(builder.build(custom)).rejects.toThrow(/registry.example\/worker:7 is an image of your own/);
  });
});
