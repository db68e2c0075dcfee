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

const fork = [0xb8, ...int32(57), 0x0f, 0x05];
/** With 1 where the last call failed, which its negative result says, and else with 0. */
const exit = [0x89, 0xc7, 0xc1, 0xef, 31, 0xb8, ...int32(60), 0x0f, 0x05]; // edi = eax >>> 31
const pause = [0xb8, ...int32(34), 0x0f, 0x05];
const repeatPause = [0xeb, -(pause.length + 2)];
const skipIfParent = (bytes: number) => [0x85, 0xc0, 0x75, bytes]; // test eax, eax; jnz

/**
 * A program that starts another process and ends, so that nobody waits for what it started: an orphan. The orphan ends at
 * once, too, or goes on for ever. The program fails where it may not start another.
 */
export function orphaningProgram(orphan: 'ends' | 'goes on'): Buffer {
  const orphansOwn = orphan === 'ends' ? exit : [...pause, ...repeatPause];
  return staticProgram(Buffer.from([...fork, ...skipIfParent(orphansOwn.length), ...orphansOwn, ...exit]));
}

/** A system call by its number on x86-64 and its first three arguments. */
export interface SystemCall {
  readonly name: string;
  readonly number: number;
  readonly args: readonly number[];
}

const entryBytes = 32;
const errnoNames = new Map([
  [-1, 'EPERM'],
  [-38, 'ENOSYS'],
]);

/**
 * A static program for x86-64 Linux that makes each call and writes its table, results in the first column, to stdout.
 * JavaScript cannot make a raw system call, and the image has no other program.
 */
export function systemCallProbe(calls: readonly SystemCall[]): Buffer {
  const table = Buffer.concat([...calls.map(entryOf), Buffer.alloc(8, 0xff)]);
  const tableBytes = calls.length * entryBytes;
  const code = (toTableFirst: number, toTableSecond: number) =>
    Buffer.concat([
      Buffer.from([0x48, 0x8d, 0x1d, ...int32(toTableFirst)]), // lea rbx, [table]
      Buffer.from([0x48, 0x8b, 0x03, 0x48, 0x83, 0xf8, 0xff, 0x74, 0x1a]), // rax = [rbx]; if -1, go to the end
      Buffer.from([0x48, 0x8b, 0x7b, 0x08, 0x48, 0x8b, 0x73, 0x10, 0x48, 0x8b, 0x53, 0x18]), // rdi, rsi, rdx
      Buffer.from([0x4d, 0x31, 0xd2, 0x0f, 0x05, 0x48, 0x89, 0x03]), // r10 = 0; syscall; [rbx] = rax
      Buffer.from([0x48, 0x83, 0xc3, 0x20, 0xeb, 0xdd]), // next entry
      Buffer.from([0x48, 0x8d, 0x35, ...int32(toTableSecond), 0xbf, ...int32(1), 0xba, ...int32(tableBytes)]),
      Buffer.from([0xb8, ...int32(1), 0x0f, 0x05, 0x31, 0xff, 0xb8, ...int32(60), 0x0f, 0x05]), // write; exit
    ]);
  const codeBytes = code(0, 0).length;
  const endOfFirstLea = 7;
  const endOfSecondLea = 49;
  return staticProgram(Buffer.concat([code(codeBytes - endOfFirstLea, codeBytes - endOfSecondLea), table]));
}

/** What the probe wrote, by the calls' names: `allowed`, or the name of the error. */
export function readProbe(calls: readonly SystemCall[], written: Buffer): Record<string, string> {
  return Object.fromEntries(
    calls.map(({ name }, index) => {
      const result = Number(written.readBigInt64LE(index * entryBytes));
      return [name, result >= 0 ? 'allowed' : (errnoNames.get(result) ?? `errno ${-result}`)];
    }),
  );
}

function entryOf({ number, args }: SystemCall): Buffer {
  const entry = Buffer.alloc(entryBytes);
  [number, ...args].forEach((value, index) => entry.writeBigInt64LE(BigInt(value), index * 8));
  return entry;
}
