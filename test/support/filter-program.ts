/** What a filter of system calls reads of one: its number, the processor it was made for, and its arguments. */
export interface FilteredCall {
  readonly number: number;
  readonly processor: number;
  readonly args: readonly bigint[];
}

const instructionBytes = 8;

/** What the kernel would do with the call, by a filter's classic BPF: only the instructions that libseccomp writes. */
export function answerOf(filter: Buffer, call: FilteredCall): number {
  const input = inputOf(call);
  let accumulator = 0;
  for (let at = 0; ; at += 1) {
    const code = filter.readUInt16LE(at * instructionBytes);
    const [jumpTrue, jumpFalse] = [filter[at * instructionBytes + 2]!, filter[at * instructionBytes + 3]!];
    const operand = filter.readUInt32LE(at * instructionBytes + 4);
    const jump = (holds: boolean) => (holds ? jumpTrue : jumpFalse);
    switch (code) {
      case 0x20:
        accumulator = input.readUInt32LE(operand);
        break;
      case 0x54:
        accumulator = (accumulator & operand) >>> 0;
        break;
      case 0x05:
        at += operand;
        break;
      case 0x15:
        at += jump(accumulator === operand);
        break;
      case 0x25:
        at += jump(accumulator > operand);
        break;
      case 0x35:
        at += jump(accumulator >= operand);
        break;
      case 0x06:
        return operand;
      default:
        throw new Error(`No instruction of libseccomp's: ${code}.`);
    }
  }
}

/** The kernel's `struct seccomp_data`. */
function inputOf({ number, processor, args }: FilteredCall): Buffer {
  const input = Buffer.alloc(64);
  input.writeUInt32LE(number, 0);
  input.writeUInt32LE(processor, 4);
  args.forEach((value, index) => input.writeBigUInt64LE(BigInt.asUintN(64, value), 16 + index * 8));
  return input;
}
