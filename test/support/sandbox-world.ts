import { Test } from '@nestjs/testing';
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CodeStore, type CodeCopy, type Sweep, type Upload } from '../../src/code/store/code-store.js';
import { Installation } from '../../src/common/installation/installation.js';
import { Log } from '../../src/common/log/log.js';
import { ReadScheduler } from '../../src/common/read-scheduler/read-scheduler.js';
import { fairShareSettings } from '../../src/common/budgets/fair-share.settings.js';
import { Clock } from '../../src/common/time/clock.js';
import { ContainerService } from '../../src/container/container.service.js';
import { containerSettings } from '../../src/container/container.settings.js';
import { ImageBuilder } from '../../src/container/image-builder.js';
import { EngineHealth } from '../../src/container/engine-health.js';
import { ContainerEngine } from '../../src/container/engine/container-engine.js';
import { OwnFiles } from '../../src/container/container-spec.js';
import { EgressService } from '../../src/egress/egress.service.js';
import { egressSettings } from '../../src/egress/egress.settings.js';
import { NameResolver } from '../../src/egress/name-resolver.js';
import type { VersionKey } from '../../src/functions/function.js';
import { type LoadOutcome, LoadOutcomes } from '../../src/functions/load-outcomes.js';
import { builtInDefaults, functionDefaults } from '../../src/functions/settings/default-settings.js';
import { runtimesSettings } from '../../src/runtimes/runtimes.settings.js';
import { SecretVault } from '../../src/secrets/secret-vault.js';
import { IpcService } from '../../src/ipc/ipc.service.js';
import { ipcSettings } from '../../src/ipc/ipc.settings.js';
import { Provisioner } from '../../src/sandbox/pool/provisioner.js';
import { ReadyPools } from '../../src/sandbox/pool/ready-pools.js';
import { IdleGuard } from '../../src/sandbox/pool/idle-guard.js';
import { SandboxEvents } from '../../src/sandbox/sandbox-events.js';
import { SandboxFactory } from '../../src/sandbox/sandbox.factory.js';
import { SandboxService } from '../../src/sandbox/sandbox.service.js';
import { sandboxSettings, type SandboxSettings } from '../../src/sandbox/sandbox.settings.js';
import { FakeContainerEngine } from '../fakes/fake-container-engine.js';
import { ManualClock } from '../fakes/manual-clock.js';
import { RecordingLog } from '../fakes/recording-log.js';
import { RecordingSandboxEvents } from '../fakes/recording-sandbox-events.js';
import { settingsFor, testVault } from './builders/functions.js';
import { FixedNames } from './egress/names.js';
import { runScriptedWorker, type WorkerScript } from './scripted-worker.js';

/** Code that exists only as empty directories, for tests in which nobody runs it. */
class TemporaryCodeStore extends CodeStore {
  constructor(private readonly directory: string) {
    super();
  }

  override beginUpload(): Promise<Upload> {
    throw new Error('nothing is uploaded in these tests');
  }

  override async localCopy({ name, versionId }: VersionKey): Promise<CodeCopy> {
    return { directory: join(this.directory, 'functions', name, versionId), release: () => undefined };
  }

  override async remove(): Promise<void> {
    // Nothing is on the disk.
  }

  override async linkInto(_version: VersionKey, targetDirectory: string): Promise<void> {
    await mkdir(targetDirectory);
  }

  override async unlinkFrom(targetDirectory: string): Promise<void> {
    await rm(targetDirectory, { recursive: true, force: true });
  }

  override async sweep(): Promise<Sweep> {
    return { missing: [], foreign: [] };
  }
}

/**
 * Sandboxes with everything real but the engine, the clock and the code inside the containers: real sockets and
 * directories, a scripted peer for each container that the fake engine starts.
 */
export async function sandboxWorld(changed: Partial<SandboxSettings> = {}) {
  const directory = await mkdtemp(join(tmpdir(), 'gl-'));
  const installation = Installation.at(directory, '00000001');
  await mkdir(installation.node.run);
  const clock = new ManualClock();
  const log = new RecordingLog();
  const vault = testVault(log);
  const events = new RecordingSandboxEvents();
  const scripts = new Map<string, WorkerScript>();
  const outcomes: [string, LoadOutcome['kind']][] = [];
  const loads = new Map<string, number>();
  const engine = new FakeContainerEngine((container) => {
    runScriptedWorker(container, (name) => {
      loads.set(name, (loads.get(name) ?? 0) + 1);
      return scripts.get(name) ?? {};
    });
  });
  const module = await Test.createTestingModule({
    providers: [
      ReadScheduler,
      ...[ContainerService, EngineHealth, OwnFiles, ImageBuilder, IpcService],
      ...[SandboxFactory, ReadyPools, Provisioner, IdleGuard, SandboxService],
      { provide: ContainerEngine, useValue: engine },
      ...[EgressService, { provide: NameResolver, useValue: new FixedNames({}) }],
      { provide: CodeStore, useValue: new TemporaryCodeStore(directory) },
      { provide: SecretVault, useValue: vault },
      {
        provide: LoadOutcomes,
        useValue: {
          tell: (deployed, outcome) => outcomes.push([deployed.name, outcome.kind]),
        } satisfies Pick<LoadOutcomes, 'tell'>,
      },
      { provide: Clock, useValue: clock },
      { provide: Log, useValue: log },
      { provide: SandboxEvents, useValue: events },
      { provide: Installation, useValue: installation },
      {
        provide: sandboxSettings.config.KEY,
        useValue: settingsFor(sandboxSettings, { prewarmedContainers: 0, ...changed }),
      },
      { provide: containerSettings.config.KEY, useValue: settingsFor(containerSettings) },
      { provide: runtimesSettings.config.KEY, useValue: settingsFor(runtimesSettings) },
      { provide: functionDefaults.config.KEY, useValue: builtInDefaults },
      { provide: fairShareSettings.config.KEY, useValue: settingsFor(fairShareSettings) },
      { provide: ipcSettings.config.KEY, useValue: settingsFor(ipcSettings) },
      {
        provide: egressSettings.config.KEY,
        useValue: settingsFor(egressSettings, { allowedRanges: '127.0.0.0/8', connectionMiB: 1 }),
      },
    ],
  }).compile();
  const sandboxes = module.get(SandboxService);
  const [containers, ipc] = [module.get(ContainerService), module.get(IpcService)];

  return {
    engine,
    clock,
    log,
    events,
    scripts,
    /** Names of the functions that were loaded, and how it went. */
    outcomes,
    /** How many workers were told to load a function, by its name. */
    loadsOf: (name: string) => loads.get(name) ?? 0,
    sandboxes,
    /** Ends the server's part and shows what is left of it. */
    async end() {
      await sandboxes.shutDown();
      await containers.drain();
      const left = {
        containers: engine.all.length,
        endpoints: ipc.openEndpoints,
        directories: (await readdir(installation.node.run)).length,
        uids: containers.uidsInUse,
        timers: clock.pendingTimers,
      };
      await rm(directory, { recursive: true });
      return left;
    },
  };
}

export type SandboxWorld = Awaited<ReturnType<typeof sandboxWorld>>;

export const nothingLeft = { containers: 0, endpoints: 0, directories: 0, uids: 0, timers: 0 };

export { until } from './eventually.js';
