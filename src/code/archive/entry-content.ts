import { crc32, inflateRawSync } from 'node:zlib';
import AdmZip from 'adm-zip';
import { errorCodeOf } from '../../common/errors/storage-failure.js';
import type { ApprovedArchive, ApprovedEntry, ByteRange } from './approved-archive.js';
import { archiveRefusal, quoted } from './archive-refusal.js';

/** Inflates one entry. The result has exactly the size and the checksum that the archive declares. */
export type ReadContent = (entry: ApprovedEntry) => Buffer;

/**
 * Inflates what the validator approved, where it approved it. adm-zip reads the directory by itself, and must have found
 * the same entries at the same places: what other readers could understand differently is never unpacked. `headers` is
 * the archive as the validator saw it; `bytesOf` gives what the entries hold.
 */
export function openContents(
  headers: Buffer,
  approved: ApprovedArchive,
  bytesOf: (range: ByteRange) => Buffer,
): ReadContent {
  const found = entriesFoundBy(headers);
  if (found.length !== approved.listed.length) throw readersDisagree();
  approved.listed.forEach((entry, index) => {
    const other = found[index];
    if (other === undefined || !isSame(entry, other)) throw readersDisagree();
  });
  return (entry) => {
    const content = inflate(entry, bytesOf(entry.compressed));
    if (content.length !== entry.unpackedBytes) throw sizeMismatch(entry);
    if (crc32(content) !== entry.crc32) throw crcMismatch(entry);
    return content;
  };
}

function entriesFoundBy(archive: Buffer): AdmZip.IZipEntry[] {
  try {
    // Unsorted: in the order of the central directory, like the validator's.
    return new AdmZip(archive, { noSort: true }).getEntries();
  } catch (error) {
    throw readersDisagree({ cause: error });
  }
}

function isSame(entry: ApprovedEntry, { header, rawEntryName }: AdmZip.IZipEntry): boolean {
  return (
    entry.rawName.equals(rawEntryName) &&
    entry.headerOffset === header.offset &&
    entry.compressed.end - entry.compressed.start === header.compressedSize &&
    entry.unpackedBytes === header.size &&
    entry.crc32 === header.crc
  );
}

/** Stops at the declared size. */
function inflate(entry: ApprovedEntry, packed: Buffer): Buffer {
  if (entry.method === 'stored' || packed.length === 0) return packed;
  try {
    // Zero would be no limit.
    return inflateRawSync(packed, { maxOutputLength: Math.max(1, entry.unpackedBytes) });
  } catch (error) {
    const code = errorCodeOf(error) ?? '';
    if (code === 'ERR_BUFFER_TOO_LARGE') throw sizeMismatch(entry, { cause: error });
    if (!code.startsWith('Z_')) throw error;
    throw archiveRefusal('corrupt_data', `The data of ${quoted(entry.rawName)} are damaged: pack it again.`, {
      cause: error,
    });
  }
}

function readersDisagree(options?: ErrorOptions) {
  return archiveRefusal(
    'header_mismatch',
    'The archive can be read in more than one way: pack it again.',
    options,
  );
}

function sizeMismatch(entry: ApprovedEntry, options?: ErrorOptions) {
  return archiveRefusal(
    'size_mismatch',
    `${quoted(entry.rawName)} is not as long as it declares: pack it again.`,
    options,
  );
}

function crcMismatch(entry: ApprovedEntry) {
  return archiveRefusal(
    'crc_mismatch',
    `${quoted(entry.rawName)} does not match its checksum: pack it again.`,
  );
}
