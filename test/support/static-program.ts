/** A static program for x86-64 Linux from its machine code: the image has no shell whose commands a test could run. */
export function staticProgram(code: Buffer): Buffer {
  return Buffer.concat([elfHeader(code.length), code]);
}

export function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value);
  return bytes;
}

/** One segment that holds everything, readable, writable and executable, since the table is written in place. */
function elfHeader(programBytes: number): Buffer {
  const headerBytes = 64 + 56;
  const base = 0x400000;
  const header = Buffer.alloc(headerBytes);
  header.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  header.writeUInt16LE(2, 16); // executable
  header.writeUInt16LE(62, 18); // x86-64
  header.writeUInt32LE(1, 20);
  header.writeBigUInt64LE(BigInt(base + headerBytes), 24); // entry
  header.writeBigUInt64LE(64n, 32); // program headers follow
  header.writeUInt16LE(64, 52);
  header.writeUInt16LE(56, 54);
  header.writeUInt16LE(1, 56);
  header.writeUInt32LE(1, 64); // PT_LOAD
  header.writeUInt32LE(7, 68); // rwx
  header.writeBigUInt64LE(BigInt(base), 80);
  header.writeBigUInt64LE(BigInt(base), 88);
  header.writeBigUInt64LE(BigInt(headerBytes + programBytes), 96);
  header.writeBigUInt64LE(BigInt(headerBytes + programBytes), 104);
  header.writeBigUInt64LE(0x1000n, 112);
  return header;
}
