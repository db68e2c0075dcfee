import type { Log } from '../common/log/log.js';
import type { Clock } from '../common/time/clock.js';
import type { ContainerProgram } from './engine/container-engine.js';
import type { ImageBuilder } from './image-builder.js';

/** After a failure nobody tries again for so long: what a registry refuses it will refuse again. */
const pauseMs = 30_000;

/** Has missing images built, each once, however many launches miss it. */
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
    const underWay = this.building.get(image);
    if (underWay) return underWay;
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
