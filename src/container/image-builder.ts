import { Inject, Injectable } from '@nestjs/common';
import { spawn } from 'node:child_process';
import type { Log } from '../common/log/log.js';
import { Clock } from '../common/time/clock.js';
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

/** How much of the program's output is kept, to tell the operator why it failed. */
const keptCharacters = 2000;

/** Builds an image that the engine lacks, by a program of its own: the server itself needs no registry. */
@Injectable()
export class ImageBuilder {
  private readonly ends = new Set<() => void>();
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
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const end = () => {
      if (child.pid !== undefined) endGroup(child.pid);
    };
    this.ends.add(end);
    const cancelTimer = this.clock.schedule(imageTimeoutMs, end);
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-keptCharacters);
    });
    try {
      const exitCode = await new Promise<number | null>((resolve, reject) => {
        child.once('error', reject);
        child.once('close', resolve);
      });
      if (exitCode !== 0) throw new Error(`The image of ${runtime} could not be built: ${said.trim()}`);
    } finally {
      cancelTimer();
      this.ends.delete(end);
    }
  }

  /** Ends what is being built, and builds nothing more. */
  stop(): void {
    this.stopped = true;
    for (const end of this.ends) end();
  }
}

function endGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGTERM');
  } catch {
    // It has already ended by itself.
  }
}
