import { Installation } from '../../src/common/installation/installation.js';
import { type ContainerResources, OwnFiles } from '../../src/container/container-spec.js';
import { ContainerService } from '../../src/container/container.service.js';
import { containerSettings, type ContainerSettings } from '../../src/container/container.settings.js';
import { EngineHealth } from '../../src/container/engine-health.js';
import type { ContainerProgram } from '../../src/container/engine/container-engine.js';
import { ImageBuilder } from '../../src/container/image-builder.js';
import type { ContainerMove } from '../../src/container/container-state.js';
import { FakeContainerEngine } from '../fakes/fake-container-engine.js';
import { ManualClock } from '../fakes/manual-clock.js';
import { RecordingLog } from '../fakes/recording-log.js';

/** Every setting at its default, but for the changes. */
export function containerSettingsWith(changes: Partial<ContainerSettings> = {}): ContainerSettings {
  const defaults = Object.entries(containerSettings.definitions).map(([name, { defaultValue }]) => [
    name,
    defaultValue,
  ]);
  return { ...(Object.fromEntries(defaults) as ContainerSettings), ...changes };
}

/** Limits for a real engine on a machine that is busy with something else. */
export const patientWithEngine = {
  pingTimeoutMs: 60_000,
  attachTimeoutMs: 60_000,
  callTimeoutMs: 120_000,
  exitTimeoutMs: 60_000,
  probeIntervalMs: 60_000,
  drainTimeoutMs: 120_000,
} satisfies Partial<ContainerSettings>;

export const installationId = '0badcafe';

export const plainResources: ContainerResources = { memoryMiB: 128, cpuMillis: 1000, tmpMiB: 64 };

/** What the containers of tests run, of the fake engine's one image. */
export const plainProgram = {
  runtime: 'nodejs24.x',
  image: 'glambdar-worker',
  command: ['node'],
  environment: {},
};

const launchRequest = {
  program: plainProgram,
  runDirectory: '/run/1',
  codeDirectory: undefined,
  token: 'token',
  resources: plainResources,
};

/** The containers of the harness have no directories. */
class NoFiles extends OwnFiles {
  diskIsFull = false;

  override async write(): Promise<void> {
    if (this.diskIsFull) throw new Error('no space left on device');
  }
}

/** Builds nothing unless a test says so. */
class ScriptedBuilder extends ImageBuilder {
  readonly built: string[] = [];
  work: () => Promise<void> = () => Promise.reject(new Error('as told'));

  override build({ runtime }: ContainerProgram): Promise<void> {
    this.built.push(runtime);
    return this.work();
  }
}

/** A container service over a fake engine, with a clock that tests move. */
export function containerHarness(changes: Partial<ContainerSettings> = {}) {
  const clock = new ManualClock();
  const engine = new FakeContainerEngine();
  const installation = Installation.at('/var/lib/glambdar', installationId);
  const log = new RecordingLog();
  const settings = containerSettingsWith(changes);
  const health = new EngineHealth(engine, clock, settings);
  const accounts = new NoFiles();
  const builder = new ScriptedBuilder(clock, settings);
  const service = new ContainerService(engine, health, clock, installation, accounts, builder, log, settings);
  const moves: ContainerMove[] = [];
  service.onMove((move) => moves.push(move));
  const launch = () => service.launch(launchRequest);
  return { accounts, builder, clock, engine, log, health, service, moves, launch };
}

/** Lets everything that waits for nothing but promises run on. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
