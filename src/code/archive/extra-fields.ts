import { archiveRefusal, quoted } from './archive-refusal.js';
import { uint64At } from './signatures.js';

const zip64Id = 0x0001;
const unicodePathId = 0x7075;
/** Of a 32-bit field: the value stands in the Zip64 extra field. */
export const zip64Placeholder = 0xffffffff;

/** The extra fields of a header that change what an entry is; all others are ignored. */
export interface ExtraFields {
  readonly zip64: Buffer | undefined;
  /** Version, checksum of the header's name, and a second name. */
  readonly unicodePath: Buffer | undefined;
}

/** Splits a header's extra fields. One that runs over, or a second one of a kind that matters, is refused. */
export function readExtraFields(extra: Buffer, rawName: Buffer): ExtraFields {
  let zip64: Buffer | undefined;
  let unicodePath: Buffer | undefined;
  // Up to three bytes may be left over: aligning tools pad with zeros.
  for (let offset = 0; offset + 4 <= extra.length;) {
    const id = extra.readUInt16LE(offset);
    const start = offset + 4;
    offset = start + extra.readUInt16LE(offset + 2);
    const repeated = id === zip64Id ? zip64 !== undefined : id === unicodePathId && unicodePath !== undefined;
    if (offset > extra.length || repeated) {
      throw archiveRefusal(
        'malformed_header',
        `The entry ${quoted(rawName)} has malformed extra fields: pack it again.`,
      );
    }
    if (id === zip64Id) zip64 = extra.subarray(start, offset);
    if (id === unicodePathId) unicodePath = extra.subarray(start, offset);
  }
  return { zip64, unicodePath };
}

/**
 * The 64-bit values of those 32-bit fields that say so, in the order given, which is the format's: the extra field
 * holds a value only for a field with the placeholder.
 */
export function resolveZip64(
  fields: readonly number[],
  zip64: Buffer | undefined,
  rawName: Buffer,
): number[] {
  let offset = 0;
  return fields.map((field) => {
    if (field !== zip64Placeholder || zip64 === undefined) return field;
    if (offset + 8 > zip64.length) {
      throw archiveRefusal(
        'malformed_header',
        `The entry ${quoted(rawName)} lacks a Zip64 value: pack it again.`,
      );
    }
    const value = uint64At(zip64, offset);
    offset += 8;
    return value;
  });
}
