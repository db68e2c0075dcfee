import { crc32 } from 'node:zlib';
import AdmZip from 'adm-zip';
import { errorCodeOf } from '../../common/errors/storage-failure.js';
import type { ApprovedArchive, ApprovedEntry } from './approved-archive.js';
import { archiveRefusal, quoted } from './archive-refusal.js';

/** Inflates one entry. The result has exactly the size and the checksum that the archive declares. */
export type ReadContent = (entry: ApprovedEntry) => Buffer;

/**
 * adm-zip inflates what the validator approved. It parses the archive by itself, so first both must have found the same
 * entries at the same places: a file is never unpacked that the validator did not see the way adm-zip sees it.
 */
export function openContents(archive: Buffer, approved: ApprovedArchive): ReadContent {
  const found = entriesFoundBy(archive);
  if (found.length !== approved.listed.length) throw readersDisagree();
  const readers = new Map(
    approved.listed.map((entry, index) => {
      const other = found[index];
      if (other === undefined || !isSame(entry, other)) throw readersDisagree();
      return [entry.headerOffset, other];
    }),
  );
  return (entry) => {
    const content = inflate(entry, readers.get(entry.headerOffset));
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

/** adm-zip stops inflating at the declared size. Its errors tell size, data and checksum apart by their code only. */
function inflate(entry: ApprovedEntry, reader: AdmZip.IZipEntry | undefined): Buffer {
  if (reader === undefined) throw new Error('The entry is not of this archive.');
  try {
    return reader.getData();
  } catch (error) {
    const code = errorCodeOf(error) ?? '';
    if (code === 'ERR_BUFFER_TOO_LARGE') throw sizeMismatch(entry, { cause: error });
    if (code.startsWith('Z_')) {
      throw archiveRefusal(
        'corrupt_data',
        `The data of ${quoted(entry.rawName)} are damaged: pack it again.`,
        { cause: error },
      );
    }
    throw crcMismatch(entry, { cause: error });
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

function crcMismatch(entry: ApprovedEntry, options?: ErrorOptions) {
  return archiveRefusal(
    'crc_mismatch',
    `${quoted(entry.rawName)} does not match its checksum: pack it again.`,
    options,
  );
}
