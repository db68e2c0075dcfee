import { spawn } from 'node:child_process';
import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '../common/time/clock.js';
import { containerSettings, type ContainerSettings } from './container.settings.js';
import type { ContainerProgram } from './engine/container-engine.js';

/** How much of what the program says is kept, to tell the operator why it failed. */
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
    // It has just ended by itself.
  }
}
