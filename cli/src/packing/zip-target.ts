import { randomUUID } from 'node:crypto';
import { open, realpath, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { CommandError, Interrupted } from '../errors/command-error.js';
import { checkArchiveBytes } from './archive-limits.js';
import type { PackedEntry } from './folder-entries.js';
import { writeZip } from './zip-stream.js';

export interface WrittenZip {
  readonly bytes: number;
  /** Why most servers refuse it. */
  readonly warnings: readonly string[];
}

/** A zip that somebody wants to have in a file. */
export class ZipTarget {
  private constructor(
    readonly path: string,
    private readonly shown: string,
  ) {}

  /** `shown` is what the person called it. Its path is the one that its folder lists, by whatever link that was named. */
  static async at(file: string, shown: string): Promise<ZipTarget> {
    const folder = await realpath(path.dirname(file)).catch((error: unknown) => {
      throw unwritable(error, shown);
    });
    return new ZipTarget(path.join(folder, path.basename(file)), shown);
  }

  /** Readers find what was there before or all of it, and after an interruption what was there before. */
  async write(entries: readonly PackedEntry[], interrupted: AbortSignal): Promise<WrittenZip> {
    const unfinished = `${this.path}.${randomUUID()}.tmp`;
    try {
      const file = await open(unfinished, 'wx');
      await writeZip(entries, file.createWriteStream(), interrupted);
      const { size: bytes } = await stat(unfinished);
      const { refusal, warnings } = checkArchiveBytes(bytes);
      if (refusal !== undefined) throw new CommandError('refused', refusal);
      await rename(unfinished, this.path);
      return { bytes, warnings };
    } catch (error) {
      await rm(unfinished, { force: true }).catch(() => undefined);
      throw interrupted.aborted ? new Interrupted() : unwritable(error, this.shown);
    }
  }
}

/** What was wrong with an entry has been said already. */
function unwritable(error: unknown, shown: string): unknown {
  if (error instanceof CommandError) return error;
  const { code } = error as NodeJS.ErrnoException;
  if (code === undefined) return error;
  return new CommandError('refused', `${shown} cannot be written (${code}).`, 'Name another file.');
}
