/** A classic BPF program is a row of these: code (16 bits), two jumps (8 bits each), an operand (32 bits). */
const instructionBytes = 8;

const load = 0x20;
const jumpAlways = 0x05;
const jumpIfGreater = 0x25;
const giveBack = 0x06;

const failWith = (errorNumber: number): number => 0x0005_0000 + errorNumber;
const EPERM = 1;
const ENOSYS = 38;

/** Where the number of the call is in what a filter reads. */
const numberOffset = 0;

/**
 * `futex_waitv`, on all processors: the newest call that the oldest libseccomp in use knows. Debian 12 and Ubuntu 22.04
 * have that one.
 */
const newestKnownCall = 449;

/**
 * A filter whose default refuses calls that are newer than itself with ENOSYS, as runc and Docker have it and libseccomp has
 * not: a C library takes that for an older kernel and falls back, and EPERM for a refusal. What the list allows by name is
 * still allowed, however new. Every default jumps to an end of its own, so that no other jump changes.
 */
export function answerUnknownCalls(filter: Buffer): Buffer {
  const end = filter.length / instructionBytes;
  if (!Number.isInteger(end) || end === 0) throw new Error('This is no filter of system calls.');
  const instructions = Array.from({ length: end }, (_, index) => {
    const one = filter.subarray(index * instructionBytes, (index + 1) * instructionBytes);
    return isDefault(one) ? instruction(jumpAlways, end - index - 1) : one;
  });
  return Buffer.concat([
    ...instructions,
    instruction(load, numberOffset),
    instruction(jumpIfGreater, newestKnownCall, { otherwise: 1 }),
    instruction(giveBack, failWith(ENOSYS)),
    instruction(giveBack, failWith(EPERM)),
  ]);
}

function isDefault(one: Buffer): boolean {
  return one.readUInt16LE(0) === giveBack && one.readUInt32LE(4) === failWith(EPERM);
}

/** Whoever runs filters has little-endian processors alone (system-calls.ts). */
function instruction(code: number, operand: number, { otherwise } = { otherwise: 0 }): Buffer {
  const bytes = Buffer.alloc(instructionBytes);
  bytes.writeUInt16LE(code, 0);
  bytes.writeUInt8(otherwise, 3);
  bytes.writeUInt32LE(operand, 4);
  return bytes;
}
