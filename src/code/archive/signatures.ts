/** The four bytes that begin each record of a zip file, read little-endian. */
export const signatures = {
  localHeader: 0x04034b50,
  dataDescriptor: 0x08074b50,
  centralHeader: 0x02014b50,
  zip64End: 0x06064b50,
  zip64Locator: 0x07064b50,
  end: 0x06054b50,
} as const;

/** The signature at `offset`, or undefined where the file has no four bytes there. */
export function signatureAt(archive: Buffer, offset: number): number | undefined {
  const inside = Number.isSafeInteger(offset) && offset >= 0 && offset + 4 <= archive.length;
  return inside ? archive.readUInt32LE(offset) : undefined;
}

/** A 64-bit number; above 2^53 it loses precision, which is harmless: no file is that long, so no check can pass. */
export function uint64At(bytes: Buffer, offset: number): number {
  return Number(bytes.readBigUInt64LE(offset));
}
