import {
  containerEngineContract,
  type Behaviour,
  type ContractSubject,
} from '../../../test/contract/container-engine.contract.js';
import { FakeContainerEngine, type FakeContainer } from '../../../test/fakes/fake-container-engine.js';
import { ManualClock } from '../../../test/fakes/manual-clock.js';
import type { ContainerEngine } from './container-engine.js';
import { EngineCalls, ObservedEngine } from './observed-engine.js';

function behave(container: FakeContainer, behaviour: Behaviour): void {
  switch (behaviour.kind) {
    case 'print':
      container.print('stdout', behaviour.stdout);
      container.print('stderr', behaviour.stderr);
      container.end({ exitCode: behaviour.exitCode, outOfMemory: false });
      return;
    case 'print-when-told':
      container.print('stdout', 'waiting');
      return;
    case 'sleep':
      return;
    case 'exceed-memory':
      container.end({ exitCode: 137, outOfMemory: true });
      return;
    case 'lose-child-to-memory':
      container.memoryKills = 1;
      container.print('stdout', 'lost');
      return;
    case 'burn-cpu':
      container.cpuMs = behaviour.cpuMs;
      container.print('stdout', 'done');
      return;
    default:
      behaviour satisfies never;
  }
}

/** `wrapped` is what stands before the fake. */
async function openFake(wrapped: (fake: ContainerEngine) => ContainerEngine): Promise<ContractSubject> {
  const behaviours = new Map<string, Behaviour>();
  const engine = new FakeContainerEngine((container) => {
    behave(container, behaviours.get(container.runDirectory)!);
  });
  const unreachable = new FakeContainerEngine();
  unreachable.down = true;
  return {
    engine: wrapped(engine),
    program: { runtime: 'nodejs24.x', image: 'glambdar-worker', command: ['program'], environment: {} },
    ociRuntime: 'runc',
    directoryFor: async (behaviour) => {
      const directory = `/run/${behaviours.size}`;
      behaviours.set(directory, behaviour);
      return directory;
    },
    tell: async (directory) => {
      const behaviour = behaviours.get(directory);
      const container = engine.all.find(({ runDirectory }) => runDirectory === directory);
      if (!container || behaviour?.kind !== 'print-when-told') throw new Error('Nobody waits to be told.');
      container.print('stdout', 'x'.repeat(behaviour.bytes));
      container.end({ exitCode: behaviour.exitCode, outOfMemory: false });
    },
    unreachable: () => wrapped(unreachable),
    close: async () => undefined,
  };
}

containerEngineContract('The fake engine', () => openFake((fake) => fake));
containerEngineContract('An observed engine', () =>
  openFake((fake) => new ObservedEngine(fake, new EngineCalls(), new ManualClock())),
);
