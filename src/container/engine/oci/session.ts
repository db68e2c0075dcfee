import type { SystemCallPolicy } from '../system-calls.js';
import type { LauncherPlace } from './launcher/messages.js';
import type { Launcher } from './launcher-process.js';
import { Supply } from './supply.js';
import type { PipePaths } from './container-output.js';

const rootsPerBatch = 16;
const pipesPerBatch = 32;

/** Few enough for one program's arguments, and for one turn of the launcher. */
const mostUnmountedAtOnce = 128;

/** What is made for containers ahead of need; it lives as long as one run of the launcher. */
export class Session {
  readonly pipes: Supply<string>;
  private readonly roots = new Map<object, Supply<string>>();
  private readonly filters = new WeakMap<SystemCallPolicy, Promise<string>>();
  private counter = 0;

  constructor(
    readonly launcher: Launcher,
    private readonly place: LauncherPlace,
    private readonly timeoutMs: number,
  ) {
    this.pipes = new Supply(async (count) => {
      const names = this.namesFor(count);
      await launcher.ask({ kind: 'pipes', names }, timeoutMs);
      return names;
    }, pipesPerBatch);
  }

  /**
   * Mounts of an image; a container takes one, and gives it back once nothing of it runs. An image that was made again, in
   * the same place, is another one: what is mounted has the directory that is gone.
   */
  rootsOf(image: { readonly rootDirectory: string }): Supply<string> {
    const known = this.roots.get(image);
    if (known) return known;
    const supply = new Supply(async (count) => {
      const roots = this.namesFor(count);
      await this.launcher.ask({ kind: 'mount', image: image.rootDirectory, roots }, this.timeoutMs);
      return roots;
    }, rootsPerBatch);
    this.roots.set(image, supply);
    return supply;
  }

  /** Unmounts what nobody needed since it was last asked: each start of a container copies the table of mounts. Never rejects. */
  async unmountSurplus(): Promise<void> {
    const surplus = [...this.roots.values()].flatMap((roots) => roots.endRound());
    while (surplus.length > 0) {
      const roots = surplus.splice(0, mostUnmountedAtOnce);
      // What cannot be unmounted stays until the launcher ends.
      await this.launcher.ask({ kind: 'unmount', roots }, this.timeoutMs).catch(() => undefined);
    }
  }

  pipePaths(name: string): PipePaths {
    const { launcher, place } = this;
    return {
      stdout: launcher.seen(place.pipe(name, 'stdout')),
      stderr: launcher.seen(place.pipe(name, 'stderr')),
    };
  }

  /** The compiled form of a policy, base64; compiled once, because that takes as long as half a container. */
  filterOf(policy: SystemCallPolicy, compile: () => Promise<string>): Promise<string> {
    const known = this.filters.get(policy);
    if (known) return known;
    const compiling = compile();
    compiling.catch(() => this.filters.delete(policy));
    this.filters.set(policy, compiling);
    return compiling;
  }

  private namesFor(count: number): string[] {
    return Array.from({ length: count }, () => {
      this.counter += 1;
      return String(this.counter);
    });
  }
}
