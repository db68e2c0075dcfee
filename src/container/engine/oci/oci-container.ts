import type { CgroupUsage } from '../cgroup-usage.js';
import { type ContainerExit, EngineError } from '../container-engine.js';
import type { ContainerPlace } from './bundles.js';
import { exitOf, killedExitCode } from './container-exit.js';
import { type PipePaths, removePipes } from './container-output.js';
import type { RuntimeName } from './runtime-version.js';
import type { Session } from './session.js';

interface ContainerParts {
  readonly place: ContainerPlace;
  readonly runtime: RuntimeName;
  readonly memoryBytes: number;
  /** The launcher's run that it lives and ends with. */
  readonly session: Session;
  readonly giveBackRoot: () => void;
}

/** A container that this server has made: what it still holds, and how it ended. */
export class OciContainer {
  readonly place: ContainerPlace;
  readonly runtime: RuntimeName;
  readonly session: Session;
  private readonly exit: PromiseWithResolvers<ContainerExit> = Promise.withResolvers();
  private pipes: string | undefined;
  private isStarted = false;
  private isKilled = false;

  constructor(private readonly parts: ContainerParts) {
    this.place = parts.place;
    this.runtime = parts.runtime;
    this.session = parts.session;
  }

  /** How it ended, once it has. */
  get exited(): Promise<ContainerExit> {
    return this.exit.promise;
  }

  async openPipes(): Promise<PipePaths> {
    this.pipes = await this.session.pipes.take();
    return this.session.pipePaths(this.pipes);
  }

  /** The pipes that it prints to, if anybody listens. Rejects a second start. */
  begin(): string | undefined {
    if (this.isStarted) throw new EngineError('conflict', 'start: the container was started before');
    this.isStarted = true;
    return this.pipes;
  }

  /** Its end will be the caller's doing. */
  willBeKilled(): void {
    this.isKilled = true;
  }

  ended(exitCode: number, cgroups: CgroupUsage): void {
    const { memoryBytes, place } = this.parts;
    this.exit.resolve(
      this.isKilled
        ? { exitCode, outOfMemory: false }
        : exitOf(cgroups, accountsOf(place), { exitCode, memoryBytes }),
    );
  }

  /** The kernel has ended all that the launcher ran. */
  endedWithLauncher(): void {
    this.exit.resolve({ exitCode: killedExitCode, outOfMemory: false, withEngine: true });
  }

  /** Nothing of it is left. */
  async removed(): Promise<void> {
    this.parts.giveBackRoot();
    if (this.pipes !== undefined && !this.isStarted) await removePipes(this.session.pipePaths(this.pipes));
    this.exit.resolve({ exitCode: killedExitCode, outOfMemory: false });
  }
}

/** By which its control groups are found. */
export function accountsOf({ installation, name }: ContainerPlace): string {
  return `${installation}/${name}`;
}
