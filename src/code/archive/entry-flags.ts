import type { ApprovedEntry } from './approved-archive.js';
import { archiveRefusal, quoted } from './archive-refusal.js';
import type { CentralEntry } from './central-directory.js';

/** Bits of the general purpose flag that change how an entry or its name is read. */
export const entryFlags = {
  encrypted: 1 << 0,
  dataDescriptor: 1 << 3,
  patched: 1 << 5,
  stronglyEncrypted: 1 << 6,
  utf8: 1 << 11,
  maskedHeaders: 1 << 13,
} as const;

const anyEncryption = entryFlags.encrypted | entryFlags.stronglyEncrypted | entryFlags.maskedHeaders;

const methods: ReadonlyMap<number, ApprovedEntry['method']> = new Map([
  [0, 'stored'],
  [8, 'deflated'],
]);

/** How the entry's data are packed; only what every tool writes by default is read. */
export function methodOf(entry: CentralEntry): ApprovedEntry['method'] {
  if ((entry.flags & anyEncryption) !== 0) {
    throw archiveRefusal(
      'encrypted',
      `The entry ${quoted(entry.rawName)} is encrypted: pack it without a password.`,
    );
  }
  const method = methods.get(entry.method);
  if (method === undefined || (entry.flags & entryFlags.patched) !== 0) {
    throw archiveRefusal(
      'unsupported_method',
      `The entry ${quoted(entry.rawName)} is compressed in an unusual way: use the method "deflate" or "store".`,
    );
  }
  if (method === 'stored' && entry.compressedBytes !== entry.unpackedBytes) {
    throw archiveRefusal(
      'header_mismatch',
      `The entry ${quoted(entry.rawName)} is stored with two sizes: pack it again.`,
    );
  }
  return method;
}
