import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ContainerSpec } from '../../src/container/engine/container-engine.js';
import { cgroupHierarchies } from '../../src/container/engine/oci/launcher/cgroup-directories.js';
import { launchersOf } from './faulty-runtime.js';
import { namesIn, textOf } from './vanishing-files.js';

const program = fileURLToPath(new URL('./container-life.mjs', import.meta.url));

/** What it can be asked for. */
type Work = 'run' | 'remove' | 'ping';

interface Told {
  readonly kind: 'ready' | Work;
  readonly failure?: string;
}

/** Where everything of a container is, as far as it is there. */
interface Places {
  readonly bundle: string;
  readonly name: string;
  /** The launcher's own place, undefined as long as there is no launcher. */
  readonly launcher: string | undefined;
  readonly launcherPid: number | undefined;
  /** Its outer control group in each hierarchy. */
  readonly groups: readonly string[];
}

export type Step = (places: Places) => boolean;

/** What can be seen from outside of how far a container has come. In order; what is seen once is seen for a while. */
export const stepsOfStart = {
  'the launcher runs': ({ launcherPid }) => launcherPid !== undefined,
  'the launcher has its mount': ({ launcher }) => has(launcher, 'pids'),
  'the first directory is there': ({ bundle }) => existsSync(bundle),
  'a root is mounted': ({ launcherPid }) => textOf(`/proc/${launcherPid}/mountinfo`).includes(' overlay '),
  'the first configuration is there': ({ bundle }) => has(bundle, 'config.json'),
  'the runtime has state': ({ launcher, name }) => has(launcher, 'runtime', name),
  'a control group is there': ({ groups }) => groups.some((group) => existsSync(group)),
  'a process is in a control group': ({ groups }) => groups.some(hasProcess),
  'the filter is compiled': ({ launcher, name }) => has(launcher, 'runtime', name, 'seccomp.bpf'),
  'the pipes are there': ({ launcher }) =>
    launcher !== undefined && namesIn(join(launcher, 'pipes')).length > 0,
  'its own control groups are there': ({ groups }) => groups.every((group) => existsSync(group)),
  'its own process is there': ({ groups }) => groups.every(hasProcess),
  'its process is known': ({ launcher, name }) => has(launcher, 'pids', name),
  // When all of its start is over.
  'it runs': () => false,
} satisfies Readonly<Record<string, Step>>;

/** With gVisor there is no filter, and its state is a file; the first steps are the same whatever makes the container. */
export const stepsOfStartWithGvisor = {
  'the runtime has state': ({ launcher }) =>
    launcher !== undefined && namesIn(join(launcher, 'runtime')).length > 0,
  'a process is in a control group': stepsOfStart['a process is in a control group'],
  'its process is known': stepsOfStart['its process is known'],
  'it runs': stepsOfStart['it runs'],
} satisfies Readonly<Record<string, Step>>;

export const stepsOfRemoval: Readonly<Record<string, Step>> = {
  'its process has ended': ({ groups }) => !groups.some(hasProcess),
  'the first control group has gone': ({ groups }) => !groups.every((group) => existsSync(group)),
  'all control groups have gone': ({ groups }) => !groups.some((group) => existsSync(group)),
  'its directory has gone': ({ bundle }) => !existsSync(bundle),
};

/** A server's part in the lives of containers, in a process that a test may kill. */
export class SteppedContainers {
  private constructor(
    private readonly process: ChildProcess,
    private readonly state: string,
  ) {}

  static async start(state: string, rootDirectory: string): Promise<SteppedContainers> {
    const child = fork(program, [state, rootDirectory], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    const started = new SteppedContainers(child, state);
    const failure = await started.told('ready');
    if (failure !== undefined) throw new Error(`It does not start: ${failure}`);
    return started;
  }

  /** Resolves to what went wrong, if anything did; also if the process is killed meanwhile. */
  ask(kind: Work, spec: ContainerSpec): Promise<string | undefined> {
    const answer = this.told(kind);
    this.process.send({ kind, spec });
    return answer;
  }

  /** Asks, and resolves when the step is reached, or when it was missed and the work is over. */
  async askUntil(
    kind: Work,
    spec: ContainerSpec,
    isReached: (places: Places) => boolean,
  ): Promise<{ readonly answer: Promise<string | undefined> }> {
    const over = new AbortController();
    const answer = this.ask(kind, spec).finally(() => {
      over.abort();
    });
    let launcherPid: number | undefined;
    const isThere = () => {
      launcherPid ??= this.launcherPid;
      return isReached(placesOf(spec, this.state, launcherPid));
    };
    while (!over.signal.aborted && !isThere()) await new Promise((resolve) => setImmediate(resolve));
    return { answer };
  }

  async kill(): Promise<void> {
    const ended = once(this.process, 'exit');
    this.process.kill('SIGKILL');
    await ended;
  }

  /** There may be none yet. */
  killLauncher(): void {
    const { launcherPid } = this;
    if (launcherPid !== undefined) process.kill(launcherPid, 'SIGKILL');
  }

  private get launcherPid(): number | undefined {
    return launchersOf(this.process.pid ?? 0)[0];
  }

  private told(kind: Told['kind']): Promise<string | undefined> {
    return new Promise((resolve) => {
      const settle = (failure: string | undefined) => {
        this.process.off('message', hear).off('exit', ended);
        resolve(failure);
      };
      const hear = (message: Told) => {
        if (message.kind === kind) settle(message.failure);
      };
      const ended = () => {
        settle('the process has ended');
      };
      this.process.on('message', hear).once('exit', ended);
    });
  }
}

function placesOf({ name, owner }: ContainerSpec, state: string, launcherPid: number | undefined): Places {
  const { installation } = owner;
  const launcher =
    launcherPid === undefined ? undefined : join(`/proc/${launcherPid}/root`, state, 'launcher');
  return {
    name,
    launcherPid,
    launcher,
    bundle: join(state, installation, 'containers', name),
    groups: cgroupHierarchies().map((hierarchy) => join(hierarchy, 'glambdar', installation, name)),
  };
}

function has(directory: string | undefined, ...names: string[]): boolean {
  return directory !== undefined && existsSync(join(directory, ...names));
}

/** The outer group of a container has only groups in it. */
function hasProcess(group: string): boolean {
  return textOf(join(group, 'container', 'cgroup.procs')) !== '';
}
