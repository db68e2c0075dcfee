/** An archive that is ready to be sent: of a known length, and readable more than once. */
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, open, rm, rmdir, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Readable } from 'node:stream';
import type { PackedEntry } from './folder-entries.js';
import { PackingError } from './packing-error.js';
import { writeZip } from './zip-stream.js';

export class Archive {
  private constructor(
    private readonly file: FileHandle,
    readonly bytes: number,
  ) {}

  /** Packed into a file that is no longer in any directory: however this process ends, it is gone. */
  static async pack(entries: readonly PackedEntry[]): Promise<Archive> {
    const file = await openNameless();
    try {
      await writeZip(entries, createWriteStream('', { fd: file.fd, autoClose: false }));
      return new Archive(file, (await file.stat()).size);
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /** One that somebody has packed. */
  static async open(zip: string): Promise<Archive> {
    const file = await open(zip).catch((error: unknown) => {
      const { code = 'unknown error' } = error as NodeJS.ErrnoException;
      throw new PackingError(`${zip} cannot be read (${code}).`);
    });
    return new Archive(file, (await file.stat()).size);
  }

  read(): Readable {
    return createReadStream('', { fd: this.file.fd, start: 0, autoClose: false });
  }

  async sha256(): Promise<string> {
    const hash = createHash('sha256');
    for await (const chunk of this.read()) hash.update(chunk as Buffer);
    return hash.digest('hex');
  }

  async close(): Promise<void> {
    await this.file.close();
  }
}

async function openNameless(): Promise<FileHandle> {
  const directory = await mkdtemp(path.join(tmpdir(), 'glambdar-'));
  const name = path.join(directory, 'archive.zip');
  try {
    return await open(name, 'wx+', 0o600);
  } finally {
    await rm(name, { force: true });
    await rmdir(directory);
  }
}
