/** An archive that is ready to be sent: of a known length, and readable more than once. */
import { createHash } from 'node:crypto';
import { mkdtemp, open, rm, rmdir, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Writable } from 'node:stream';
import type { PackedEntry } from './folder-entries.js';
import { CommandError } from '../errors/command-error.js';
import { writeZip } from './zip-stream.js';

const chunkBytes = 256 * 1024;

export class Archive {
  private constructor(
    private readonly file: FileHandle,
    readonly bytes: number,
  ) {}

  /** Packed into a file that is no longer in any directory: however this process ends, it is gone. */
  static async pack(entries: readonly PackedEntry[]): Promise<Archive> {
    const file = await openNameless();
    try {
      await writeZip(entries, intoFile(file));
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
      throw new CommandError('refused', `${zip} cannot be read (${code}).`);
    });
    return new Archive(file, (await file.stat()).size);
  }

  /** From its beginning, as often as it is asked for. */
  async *read(): AsyncGenerator<Buffer, void> {
    for (let position = 0; position < this.bytes;) {
      const { buffer, bytesRead } = await this.file.read(Buffer.allocUnsafe(chunkBytes), { position });
      if (bytesRead === 0)
        throw new CommandError('refused', 'The archive became shorter while it was read: try again.');
      yield buffer.subarray(0, bytesRead);
      position += bytesRead;
    }
  }

  async sha256(): Promise<string> {
    const hash = createHash('sha256');
    for await (const chunk of this.read()) hash.update(chunk);
    return hash.digest('hex');
  }

  async close(): Promise<void> {
    await this.file.close();
  }
}

/** A stream of Node's own would close the file when it fails. */
function intoFile(file: FileHandle): Writable {
  return new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      file.writeFile(chunk).then(() => {
        done();
      }, done);
    },
  });
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
