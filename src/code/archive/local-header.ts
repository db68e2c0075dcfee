import { archiveRefusal, quoted } from './archive-refusal.js';
import type { CentralEntry } from './central-directory.js';
import { entryFlags } from './entry-flags.js';
import { nameBytesOf } from './entry-name.js';
import { readExtraFields, resolveZip64 } from './extra-fields.js';
import { signatureAt, signatures } from './signatures.js';

/** One entry as the header before its data tells it. */
export interface LocalHeader {
  readonly rawName: Buffer;
  readonly unicodePath: Buffer | undefined;
  readonly flags: number;
  readonly method: number;
  readonly crc32: number;
  readonly compressedBytes: number;
  readonly unpackedBytes: number;
  /** Where the header ends and the compressed data begin. */
  readonly dataStart: number;
}

const headerBytes = 30;
/** Hints about how hard the packer tried; tools set them in one header only. */
const compressionHints = 0b110;

/** Reads the header that `entry` points to; `directoryStart` is where entries must have ended. */
export function readLocalHeader(archive: Buffer, entry: CentralEntry, directoryStart: number): LocalHeader {
  const offset = entry.headerOffset;
  if (offset + headerBytes > directoryStart || signatureAt(archive, offset) !== signatures.localHeader) {
    throw archiveRefusal(
      'malformed_header',
      `The entry ${quoted(entry.rawName)} has no local header: pack it again.`,
    );
  }
  const nameStart = offset + headerBytes;
  const extraStart = nameStart + archive.readUInt16LE(offset + 26);
  const dataStart = extraStart + archive.readUInt16LE(offset + 28);
  if (dataStart + entry.compressedBytes > directoryStart) {
    throw archiveRefusal('truncated', `The data of the entry ${quoted(entry.rawName)} are cut off.`);
  }
  const rawName = archive.subarray(nameStart, extraStart);
  const { zip64, unicodePath } = readExtraFields(archive.subarray(extraStart, dataStart), rawName);
  const fields = [archive.readUInt32LE(offset + 22), archive.readUInt32LE(offset + 18)];
  const [unpackedBytes = 0, compressedBytes = 0] = resolveZip64(fields, zip64, rawName);
  return {
    rawName,
    unicodePath,
    flags: archive.readUInt16LE(offset + 6),
    method: archive.readUInt16LE(offset + 8),
    crc32: archive.readUInt32LE(offset + 14),
    compressedBytes,
    unpackedBytes,
    dataStart,
  };
}

/**
 * Some readers believe the central directory and some the local headers; an archive that tells them different things
 * was made to be understood differently by the checker and by the user.
 */
export function refuseContradiction(entry: CentralEntry, local: LocalHeader): void {
  const sameFlags = ((entry.flags ^ local.flags) & ~compressionHints) === 0;
  // A packer that streams does not know these yet and leaves them zero; the real ones follow the data.
  const streamed = (local.flags & entryFlags.dataDescriptor) !== 0;
  const matches = (said: number, real: number) => said === real || (streamed && said === 0);
  const same =
    local.rawName.equals(entry.rawName) &&
    // Some packers give the second name in the directory only.
    (local.unicodePath === undefined || nameBytesOf(local).equals(nameBytesOf(entry))) &&
    sameFlags &&
    local.method === entry.method &&
    matches(local.crc32, entry.crc32) &&
    matches(local.compressedBytes, entry.compressedBytes) &&
    matches(local.unpackedBytes, entry.unpackedBytes);
  if (!same) {
    throw archiveRefusal(
      'header_mismatch',
      `The two headers of the entry ${quoted(entry.rawName)} differ: pack it again.`,
    );
  }
}
