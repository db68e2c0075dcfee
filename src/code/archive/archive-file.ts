import { createHash } from 'node:crypto';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import type { ByteRange } from './approved-archive.js';
import { readCentralDirectory } from './central-directory.js';
import { longestEndBytes, readDirectoryEnd } from './end-of-central-directory.js';
import { fixedHeaderBytes, headerBytesAt } from './local-header.js';
import { Pace } from './pace.js';

const readAtOnceBytes = 128 * 1024;
const longestDescriptorBytes = 24;

/** An archive on the disk, of which only what is asked for comes into memory. Blocks its thread. */
export class ArchiveFile {
  readonly length: number;

  private constructor(
    private readonly descriptor: number,
    private readonly pace: Pace,
  ) {
    this.length = fstatSync(descriptor).size;
  }

  static open(path: string, pace = new Pace()): ArchiveFile {
    return new ArchiveFile(openSync(path, 'r'), pace);
  }

  close(): void {
    closeSync(this.descriptor);
  }

  bytes({ start, end }: ByteRange): Buffer {
    const bytes = Buffer.allocUnsafeSlow(end - start);
    return bytes.subarray(0, this.readInto(bytes, start));
  }

  sha256(): string {
    const digest = createHash('sha256');
    const chunk = Buffer.allocUnsafeSlow(Math.min(readAtOnceBytes, this.length));
    for (let offset = 0; offset < this.length;) {
      const read = this.readInto(chunk, offset);
      if (read === 0) break;
      digest.update(chunk.subarray(0, read));
      offset += read;
    }
    return digest.digest('hex');
  }

  /**
   * The archive for `validateArchive`, with every byte that it judges by and zeros for the content of the entries: memory
   * that nobody writes to or reads takes no room. An archive whose directory cannot be read comes whole, so that
   * the validator finds what is wrong with it.
   */
  headers(): Buffer {
    const archive = Buffer.alloc(this.length);
    try {
      this.fillHeaders(archive);
    } catch {
      this.fill(archive, { start: 0, end: archive.length });
    }
    return archive;
  }

  private fillHeaders(archive: Buffer): void {
    this.fill(archive, { start: archive.length - longestEndBytes, end: archive.length });
    const end = readDirectoryEnd(archive);
    this.fill(archive, { start: end.directoryStart, end: archive.length });
    const entries = readCentralDirectory(archive, end);
    const starts = entries.map(({ headerOffset }) => headerOffset);
    this.fillAll(archive, starts, () => fixedHeaderBytes);
    this.fillAll(archive, starts, (start) => headerBytesAt(archive, start));
    const contentEnds = entries.map(
      ({ headerOffset, compressedBytes }) =>
        headerOffset + headerBytesAt(archive, headerOffset) + compressedBytes,
    );
    this.fillAll(archive, contentEnds, () => longestDescriptorBytes);
  }

  /** Reads no byte twice, however many entries claim it. */
  private fillAll(archive: Buffer, starts: readonly number[], bytesAt: (start: number) => number): void {
    let filledTo = 0;
    for (const start of [...starts].sort((a, b) => a - b)) {
      const end = start + bytesAt(start);
      this.fill(archive, { start: Math.max(start, filledTo), end });
      filledTo = Math.max(filledTo, end);
    }
  }

  private fill(archive: Buffer, { start, end }: ByteRange): void {
    const from = Math.max(0, start);
    if (from < Math.min(end, archive.length)) this.readInto(archive.subarray(from, end), from);
  }

  /** As many bytes as there are, at most as many as `target` has. */
  private readInto(target: Buffer, start: number): number {
    let filled = 0;
    while (filled < target.length) {
      const wanted = Math.min(readAtOnceBytes, target.length - filled);
      const read = readSync(this.descriptor, target, filled, wanted, start + filled);
      if (read === 0) break;
      filled += read;
      this.pace.step();
    }
    return filled;
  }
}
