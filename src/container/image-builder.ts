import { Inject, Injectable } from '@nestjs/common';
import { spawn } from 'node:child_process';
import type { Log } from '../common/log/log.js';
import { readEnvironment } from '../common/settings/settings.js';
import { Clock, type CancelTimer } from '../common/time/clock.js';
import { containerSettings, type ContainerSettings } from './container.settings.js';
import type { ContainerProgram } from './engine/container-engine.js';

/** The pause after a failure: another build would most likely fail too. */
const pauseMs = 30_000;

/** Builds missing images, each once, however many launches need it. */
export class ImageSupply {
  private readonly building = new Map<string, Promise<boolean>>();
  private readonly failedAtMs = new Map<string, number>();

  constructor(
    private readonly builder: Pick<ImageBuilder, 'build'>,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /** Whether the image can be used now. Never rejects. */
  supply(program: ContainerProgram): Promise<boolean> {
    const { image } = program;
    const running = this.building.get(image);
    if (running) return running;
    const sinceFailureMs = this.clock.monotonicMs() - (this.failedAtMs.get(image) ?? -Infinity);
    if (sinceFailureMs < pauseMs) return Promise.resolve(false);
    const building = this.build(program).finally(() => this.building.delete(image));
    this.building.set(image, building);
    return building;
  }

  private async build(program: ContainerProgram): Promise<boolean> {
    const { image, runtime } = program;
    try {
      this.log.info({ image, runtime }, 'the image of a runtime is missing and is being built');
      await this.builder.build(program);
      this.failedAtMs.delete(image);
      return true;
    } catch (error) {
      this.failedAtMs.set(image, this.clock.monotonicMs());
      this.log.warn(
        { err: error, image, runtime },
        'the image of a runtime is missing and could not be built',
      );
      return false;
    }
  }
}

/** Time for a program that must end to remove what it made; what is left of its group is then killed. */
export const graceMs = 5000;

/** How much of the program's output is kept, to tell the operator why it failed. */
const keptCharacters = 2000;

/** Builds an image that the engine lacks, by a program of its own: the server itself needs no registry. */
@Injectable()
export class ImageBuilder {
  private readonly running = new Map<() => void, Promise<unknown>>();
  private stopped = false;

  constructor(
    private readonly clock: Clock,
    @Inject(containerSettings.config.KEY)
    private readonly settings: Pick<ContainerSettings, 'imageProgram' | 'imageTimeoutMs'>,
  ) {}

  /** Rejects when there is no program for it, or when that fails, takes too long or is stopped. */
  async build({ runtime, image }: ContainerProgram): Promise<void> {
    const { imageProgram, imageTimeoutMs } = this.settings;
    if (imageProgram === '' || this.stopped) throw new Error(`Nothing builds the image of ${runtime}.`);
    // A group of its own, so that whatever it has started ends with it.
    const child = spawn(process.execPath, [imageProgram, runtime, `--as=${image}`], {
      detached: true,
      env: environmentOf(readEnvironment()),
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let cancelKill: CancelTimer | undefined;
    const end = () => {
      signalGroup(child.pid, 'SIGTERM');
      cancelKill ??= this.clock.schedule(graceMs, () => {
        signalGroup(child.pid, 'SIGKILL');
        // A process that has left the group may hold it open for as long as it likes.
        child.stderr.destroy();
      });
    };
    const cancelTimer = this.clock.schedule(imageTimeoutMs, end);
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-keptCharacters);
    });
    const ended = new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    });
    this.running.set(end, ended);
    try {
      const exitCode = await ended;
      if (exitCode !== 0) throw new Error(`The image of ${runtime} could not be built: ${said.trim()}`);
    } finally {
      cancelTimer();
      cancelKill?.();
      // What it has started may have heard no signal, and outlived it.
      if (cancelKill) signalGroup(child.pid, 'SIGKILL');
      this.running.delete(end);
    }
  }

  /** Ends what is being built, waits until it has, and builds nothing more. */
  async stop(): Promise<void> {
    this.stopped = true;
    const running = [...this.running];
    for (const [end] of running) end();
    await Promise.allSettled(running.map(([, ended]) => ended));
  }
}

/** Which engine to make it for is all that the program may see of the server's settings: another may be the key of all secrets. */
const givenSettings = new Set([
  'GLAMBDAR_DOCKER_SOCKET',
  'GLAMBDAR_ENGINE',
  'GLAMBDAR_OCI_IMAGES',
  'GLAMBDAR_OCI_RUNTIME',
]);

function environmentOf(server: ReturnType<typeof readEnvironment>): NodeJS.ProcessEnv {
  const isGiven = (name: string) => !name.startsWith('GLAMBDAR_') || givenSettings.has(name);
  return Object.fromEntries(Object.entries(server).filter(([name]) => isGiven(name)));
}

function signalGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // It has already ended by itself.
  }
}
