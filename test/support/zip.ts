import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { crc32, deflateRawSync } from 'node:zlib';

/** The fields that both headers of an entry have; any may be made wrong on its own. */
export interface HeaderFields {
  readonly name: Buffer;
  readonly flags: number;
  readonly method: number;
  readonly crc32: number;
  readonly compressedBytes: number;
  readonly unpackedBytes: number;
  readonly extra: Buffer;
}

export interface CentralFields extends HeaderFields {
  readonly offset: number;
  readonly disk: number;
}

export interface CraftedEntry {
  readonly name: string | Buffer;
  readonly content?: string | Buffer;
  readonly method?: 'stored' | 'deflated';
  /** Type and permissions, e.g. 0o120777 for a link. */
  readonly mode?: number;
  /** 3 is Unix, 0 is DOS. */
  readonly host?: number;
  readonly flags?: number;
  readonly extra?: Buffer;
  readonly comment?: string;
  /** What stands in the file in place of the packed content. */
  readonly packed?: Buffer;
  /** Written after the data; `flags` bit 3 is then set and the local header's values are zero. */
  readonly descriptor?: 'signed' | 'unsigned' | 'signed64' | 'unsigned64';
  /** Sizes and offset go to a Zip64 extra field. */
  readonly zip64?: boolean;
  readonly local?: Partial<HeaderFields>;
  readonly central?: Partial<CentralFields>;
  /** Bytes before this entry that belong to none. */
  readonly before?: Buffer;
}

export interface EndFields {
  readonly disk: number;
  readonly entriesHere: number;
  readonly entries: number;
  readonly directoryBytes: number;
  readonly directoryStart: number;
}

export interface CraftedArchive {
  readonly prefix?: Buffer;
  readonly afterEntries?: Buffer;
  readonly afterDirectory?: Buffer;
  readonly trailing?: Buffer;
  readonly comment?: string | Buffer;
  readonly end?: Partial<EndFields>;
  /** Adds a Zip64 end record and its locator; the fields given override its own. */
  readonly zip64End?: Partial<EndFields>;
}

/** A zip made header by header. Without overrides it is honest; with them it is as wrong as the test wants. */
export function craftZip(entries: readonly CraftedEntry[], archive: CraftedArchive = {}): Buffer {
  const chunks: Buffer[] = [];
  let offset = 0;
  const write = (chunk: Buffer | undefined) => {
    if (chunk === undefined) return;
    chunks.push(chunk);
    offset += chunk.length;
  };
  write(archive.prefix);
  const directory = entries.map((entry) => {
    write(entry.before);
    const fields = fieldsOf(entry, offset);
    write(localHeader(entry, fields));
    write(packedContent(entry));
    write(descriptor(entry, fields));
    return centralHeader(entry, { ...fields, ...entry.central });
  });
  write(archive.afterEntries);
  const directoryStart = offset;
  directory.forEach(write);
  const end = {
    disk: 0,
    entriesHere: entries.length,
    entries: entries.length,
    directoryBytes: offset - directoryStart,
    directoryStart,
  };
  write(archive.afterDirectory);
  if (archive.zip64End) write(zip64End({ ...end, ...archive.zip64End }, offset));
  write(endRecord({ ...end, ...archive.end }, Buffer.from(archive.comment ?? '')));
  write(archive.trailing);
  return Buffer.concat(chunks);
}

/** An honest archive of these files, for tests that only need one. */
export function zipOf(files: Readonly<Record<string, string | Buffer>>): Buffer {
  return craftZip(Object.entries(files).map(([name, content]) => ({ name, content })));
}

/** One extra field. */
export function extraField(id: number, content: Buffer): Buffer {
  return Buffer.concat([uint16(id, content.length), content]);
}

/** The Info-ZIP Unicode Path field that gives a header's name a second, UTF-8 one. */
export function unicodePath(
  headerName: string | Buffer,
  name: string | Buffer,
  checksum = crc32(headerName),
): Buffer {
  return extraField(0x7075, Buffer.concat([Buffer.of(1), uint32(checksum), Buffer.from(name)]));
}

function fieldsOf(entry: CraftedEntry, offset: number): CentralFields {
  const content = Buffer.from(entry.content ?? '');
  return {
    name: Buffer.from(entry.name),
    flags: (entry.flags ?? 0) | (entry.descriptor ? 0b1000 : 0),
    method: entry.method === 'stored' ? 0 : 8,
    crc32: crc32(content),
    compressedBytes: packedContent(entry).length,
    unpackedBytes: content.length,
    extra: entry.extra ?? Buffer.alloc(0),
    offset,
    disk: 0,
  };
}

function packedContent(entry: CraftedEntry): Buffer {
  const content = Buffer.from(entry.content ?? '');
  return entry.packed ?? (entry.method === 'stored' ? content : deflateRawSync(content, { level: 9 }));
}

function localHeader(entry: CraftedEntry, honest: HeaderFields): Buffer {
  const unknownYet = entry.descriptor ? { crc32: 0, compressedBytes: 0, unpackedBytes: 0 } : {};
  const fields = { ...honest, ...unknownYet, ...entry.local };
  const zip64 = entry.zip64
    ? extraField(1, uint64(fields.unpackedBytes, fields.compressedBytes))
    : Buffer.alloc(0);
  const extra = Buffer.concat([zip64, fields.extra]);
  return Buffer.concat([
    Buffer.from('PK\x03\x04'),
    uint16(entry.zip64 ? 45 : 20, fields.flags, fields.method, 0, 0x21),
    uint32(fields.crc32, ...sizes(entry, fields)),
    uint16(fields.name.length, extra.length),
    fields.name,
    extra,
  ]);
}

function centralHeader(entry: CraftedEntry, fields: CentralFields): Buffer {
  const values = uint64(fields.unpackedBytes, fields.compressedBytes, fields.offset);
  const zip64 = entry.zip64 ? extraField(1, values) : Buffer.alloc(0);
  const extra = Buffer.concat([zip64, fields.extra]);
  const comment = Buffer.from(entry.comment ?? '');
  return Buffer.concat([
    Buffer.from('PK\x01\x02'),
    uint16(((entry.host ?? 3) << 8) | 30, 20, fields.flags, fields.method, 0, 0x21),
    uint32(fields.crc32, ...sizes(entry, fields)),
    uint16(fields.name.length, extra.length, comment.length, fields.disk, 0, 0, entry.mode ?? 0o100644),
    uint32(entry.zip64 ? 0xffffffff : fields.offset),
    fields.name,
    extra,
    comment,
  ]);
}

function sizes(entry: CraftedEntry, fields: HeaderFields): [number, number] {
  return entry.zip64 ? [0xffffffff, 0xffffffff] : [fields.compressedBytes, fields.unpackedBytes];
}

function descriptor(entry: CraftedEntry, fields: HeaderFields): Buffer | undefined {
  const signature = Buffer.from('PK\x07\x08');
  const [compressed, unpacked] = [fields.compressedBytes, fields.unpackedBytes];
  if (entry.descriptor === undefined) return undefined;
  switch (entry.descriptor) {
    case 'signed':
      return Buffer.concat([signature, uint32(fields.crc32, compressed, unpacked)]);
    case 'unsigned':
      return uint32(fields.crc32, compressed, unpacked);
    case 'signed64':
      return Buffer.concat([signature, uint32(fields.crc32), uint64(compressed, unpacked)]);
    case 'unsigned64':
      return Buffer.concat([uint32(fields.crc32), uint64(compressed, unpacked)]);
  }
}

function endRecord(end: EndFields, comment: Buffer): Buffer {
  return Buffer.concat([
    Buffer.from('PK\x05\x06'),
    uint16(end.disk, 0, end.entriesHere, end.entries),
    uint32(end.directoryBytes, end.directoryStart),
    uint16(comment.length),
    comment,
  ]);
}

function zip64End(end: EndFields, offset: number): Buffer {
  return Buffer.concat([
    Buffer.from('PK\x06\x06'),
    uint64(44),
    uint16(45, 45),
    uint32(end.disk, 0),
    uint64(end.entriesHere, end.entries, end.directoryBytes, end.directoryStart),
    Buffer.from('PK\x06\x07'),
    uint32(0),
    uint64(offset),
    uint32(1),
  ]);
}

function uint16(...values: number[]): Buffer {
  const bytes = Buffer.alloc(2 * values.length);
  values.forEach((value, index) => bytes.writeUInt16LE(value, 2 * index));
  return bytes;
}

function uint32(...values: number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length);
  values.forEach((value, index) => bytes.writeUInt32LE(value, 4 * index));
  return bytes;
}

function uint64(...values: number[]): Buffer {
  const bytes = Buffer.alloc(8 * values.length);
  values.forEach((value, index) => bytes.writeBigUInt64LE(BigInt(value), 8 * index));
  return bytes;
}

const fixtures = fileURLToPath(new URL('../fixtures/functions', import.meta.url));

/** The zip of a fixture function. */
export function fixtureZip(name: string): Buffer {
  const folder = join(fixtures, name);
  return zipOf(
    Object.fromEntries(readdirSync(folder).map((file) => [file, readFileSync(join(folder, file))])),
  );
}

/** The zip of a function whose handler is this expression. */
export function handlerZip(expression: string, before = ''): Buffer {
  return zipOf({ 'index.js': `${before}\nexports.handler = ${expression};\n` });
}
