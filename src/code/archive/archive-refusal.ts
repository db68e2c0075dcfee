import { DomainError } from '../../common/errors/domain-error.js';
import type { ErrorCode } from '../../common/errors/error-codes.js';
import { quoted as quotedText } from '../../common/safe-text.js';
import { nameText } from './name-encoding.js';

/** Every rule an archive can break. Clients branch on these words, so one is never renamed. */
const codeByReason = {
  not_a_zip: 'INVALID_ARCHIVE',
  truncated: 'INVALID_ARCHIVE',
  empty_archive: 'INVALID_ARCHIVE',
  multi_disk: 'INVALID_ARCHIVE',
  prefix_data: 'INVALID_ARCHIVE',
  trailing_data: 'INVALID_ARCHIVE',
  hidden_data: 'INVALID_ARCHIVE',
  hidden_entries: 'INVALID_ARCHIVE',
  entry_count_mismatch: 'INVALID_ARCHIVE',
  malformed_header: 'INVALID_ARCHIVE',
  header_mismatch: 'INVALID_ARCHIVE',
  overlapping_entries: 'INVALID_ARCHIVE',
  encrypted: 'INVALID_ARCHIVE',
  unsupported_method: 'INVALID_ARCHIVE',
  unsafe_path: 'INVALID_ARCHIVE',
  path_too_long: 'INVALID_ARCHIVE',
  unsafe_link: 'INVALID_ARCHIVE',
  special_file: 'INVALID_ARCHIVE',
  duplicate_entry: 'INVALID_ARCHIVE',
  case_collision: 'INVALID_ARCHIVE',
  path_conflict: 'INVALID_ARCHIVE',
  crc_mismatch: 'INVALID_ARCHIVE',
  size_mismatch: 'INVALID_ARCHIVE',
  corrupt_data: 'INVALID_ARCHIVE',
  archive_too_large: 'ARCHIVE_TOO_LARGE',
  too_many_entries: 'ARCHIVE_TOO_LARGE',
  unpacked_too_large: 'ARCHIVE_TOO_LARGE',
  file_too_large: 'ARCHIVE_TOO_LARGE',
  ratio_too_high: 'ARCHIVE_TOO_LARGE',
  unpack_timeout: 'ARCHIVE_TOO_LARGE',
  unpack_out_of_memory: 'ARCHIVE_TOO_LARGE',
} as const satisfies Record<string, ErrorCode>;

export type ArchiveReason = keyof typeof codeByReason;

export const archiveReasons = Object.keys(codeByReason) as ArchiveReason[];

/** The error for a broken rule; `sentence` reaches the uploader, names in it go through `quoted`. */
export function archiveRefusal(reason: ArchiveReason, sentence: string, options?: ErrorOptions): DomainError {
  return new DomainError(codeByReason[reason], sentence, { reason }, options);
}

/** An entry's name as it may stand in a sentence; bytes are read as the format says. */
export function quoted(name: string | Buffer): string {
  return quotedText(typeof name === 'string' ? name : nameText(name));
}
