import { containerEngineContract, type Behaviour } from '../../../test/contract/container-engine.contract.js';
import { FakeContainerEngine, type FakeContainer } from '../../../test/fakes/fake-container-engine.js';

function behave(container: FakeContainer, behaviour: Behaviour): void {
  switch (behaviour.kind) {
    case 'print':
      container.print('stdout', behaviour.stdout);
      container.print('stderr', behaviour.stderr);
      container.end({ exitCode: behaviour.exitCode, outOfMemory: false });
      return;
    case 'sleep':
      return;
    case 'exceed-memory':
      container.end({ exitCode: 137, outOfMemory: true });
      return;
    case 'burn-cpu':
      container.cpuMs = behaviour.cpuMs;
      container.print('stdout', 'done');
      return;
    default:
      behaviour satisfies never;
  }
}

containerEngineContract('The fake engine', async () => {
  const behaviours = new Map<string, Behaviour>();
  const engine = new FakeContainerEngine((container) => {
    behave(container, behaviours.get(container.spec.runDirectory)!);
  });
  const unreachable = new FakeContainerEngine();
  unreachable.down = true;
  return {
    engine,
    image: 'glambdar-worker',
    hostsFile: '/etc/hosts',
    directoryFor: async (behaviour) => {
      const directory = `/run/${behaviours.size}`;
      behaviours.set(directory, behaviour);
      return directory;
    },
    unreachable: () => unreachable,
    close: async () => undefined,
  };
});
