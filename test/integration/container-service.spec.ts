import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Global, Module } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import { Installation } from '../../src/common/installation/installation.js';
import { Log } from '../../src/common/log/log.js';
import { ContainerModule } from '../../src/container/container.module.js';
import { ContainerService } from '../../src/container/container.service.js';
import { containerSettings } from '../../src/container/container.settings.js';
import { dockerSettings } from '../../src/container/engine/docker/docker.settings.js';
import { ContainerEngine } from '../../src/container/engine/container-engine.js';
import { EngineHealth } from '../../src/container/engine-health.js';
import { RecordingLog } from '../fakes/recording-log.js';
import { containerSettingsWith, patientWithEngine, plainResources } from '../support/container-harness.js';
import { engineSocketPath } from '../support/docker-engine.js';
import { settingsFor } from '../support/builders/functions.js';
import { contractProgram } from '../support/contract-image.js';

const installationId = 'c0de0001';

/** The module as the server has it, over the real engine. */
async function server(directory: string, socket: string) {
  const providers = [
    { provide: Installation, useValue: Installation.at(directory, installationId) },
    { provide: Log, useValue: new RecordingLog() },
  ];
  @Global()
  @Module({ providers, exports: providers })
  class ServerModule {}
  const testing = await Test.createTestingModule({ imports: [ServerModule, ContainerModule] })
    .overrideProvider(containerSettings.config.KEY)
    .useValue(containerSettingsWith(patientWithEngine))
    .overrideProvider(dockerSettings.config.KEY)
    .useValue(settingsFor(dockerSettings, { socket }))
    .compile();
  await testing.get(ContainerService).start();
  return testing;
}

describe('the container module over a real engine', () => {
  let directory: string;
  let started: TestingModule[];
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'glambdar-service-'));
    await chmod(directory, 0o755);
    started = [];
  });
  afterEach(async () => {
    for (const module of started) await module.get(ContainerService).drain();
    await rm(directory, { recursive: true });
  });

  async function start(socket = engineSocketPath) {
    const module = await server(directory, socket);
    started.push(module);
    const [service, engine] = [module.get(ContainerService), module.get(ContainerEngine)];
    const owned = () => engine.listOwned(installationId);
    return { module, service, owned, health: module.get(EngineHealth) };
  }

  async function requestFor(program: string) {
    await writeFile(join(directory, 'program.mjs'), program);
    return {
      program: await contractProgram(engineSocketPath),
      runDirectory: directory,
      codeDirectory: undefined,
      token: 'token',
      resources: plainResources,
    };
  }

  it('launches, says how the process ended, and removes', async () => {
    const { service, owned } = await start();
    const container = await service.launch(await requestFor("console.log('ran'); process.exitCode = 5;"));
    await container.ended;
    await expect(container.exit()).resolves.toEqual({ exitCode: 5, outOfMemory: false });
    expect(container.output.lastLines()).toBe('ran');
    await container.remove();
    await expect(owned()).resolves.toEqual([]);
    expect(service.uidsInUse).toBe(0);
  });

  it('leaves nothing when the image is missing, and says so', async () => {
    const { service, owned, health } = await start();
    const request = await requestFor('');
    const image = 'glambdar-contract:not-there';
    const program = { ...request.program, image };
    await expect(service.launch({ ...request, program })).rejects.toMatchObject({ code: 'IMAGE_MISSING' });
    await expect(health.status(image)).resolves.toEqual({ reachable: true, imagePresent: false });
    await service.drain();
    await expect(owned()).resolves.toEqual([]);
  });

  it('leaves nothing when the process cannot be started', async () => {
    const { service, owned } = await start();
    const request = await requestFor('');
    // A file cannot be mounted over the directory that is made for the code: the create passes, the start does not.
    const launching = service.launch({ ...request, codeDirectory: join(directory, 'program.mjs') });
    await expect(launching).rejects.toMatchObject({
      code: 'RUNTIME_UNAVAILABLE',
      cause: { kind: 'refused' },
    });
    await service.drain();
    await expect(owned()).resolves.toEqual([]);
  });

  it('removes at its start what a server that died left behind', async () => {
    const died = await start();
    await died.service.launch(await requestFor('setInterval(() => {}, 1000);'));
    const { owned, service } = await start();
    await expect(owned()).resolves.toEqual([]);
    expect(service.running).toBe(0);
  });

  it('has no container left after its shutdown', async () => {
    const { service, owned } = await start();
    const request = await requestFor('setInterval(() => {}, 1000);');
    await Promise.all([service.launch(request), service.launch(request)]);
    await expect(owned()).resolves.toHaveLength(2);
    await service.drain();
    await expect(owned()).resolves.toEqual([]);
  });

  it('starts without an engine and refuses launches at once', async () => {
    const { service, health } = await start(join(directory, 'nobody.sock'));
    const request = await requestFor('');
    const beforeMs = performance.now();
    await expect(service.launch(request)).rejects.toMatchObject({ code: 'RUNTIME_UNAVAILABLE' });
    // Not after a limit or a second attempt: the shortest of those is a minute.
    expect(performance.now() - beforeMs).toBeLessThan(patientWithEngine.pingTimeoutMs / 2);
    await expect(health.status('glambdar-worker')).resolves.toEqual({
      reachable: false,
      imagePresent: false,
    });
  });
});
