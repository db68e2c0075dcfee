import { answerOf } from '../../../../../test/support/filter-program.js';
import { answerUnknownCalls } from './unknown-calls.js';

const allow = 0x7fff_0000;
const fail = (errorNumber: number) => 0x0005_0000 + errorNumber;
const [EPERM, ENOSYS] = [1, 38];

/** Code, two jumps, operand. */
type Instruction = readonly [number, number, number, number];

function program(...instructions: readonly Instruction[]): Buffer {
  const bytes = Buffer.alloc(instructions.length * 8);
  instructions.forEach(([code, jumpTrue, jumpFalse, operand], index) => {
    bytes.writeUInt16LE(code, index * 8);
    bytes.set([jumpTrue, jumpFalse], index * 8 + 2);
    bytes.writeUInt32LE(operand, index * 8 + 4);
  });
  return bytes;
}

/** Allows call 1 and call 462, refuses call 2 with ENOSYS, and has its default in two places. */
const filter = program(
  [0x20, 0, 0, 0],
  [0x15, 4, 0, 1],
  [0x15, 3, 0, 462],
  [0x15, 0, 1, 2],
  [0x06, 0, 0, fail(ENOSYS)],
  [0x06, 0, 0, fail(EPERM)],
  [0x06, 0, 0, allow],
  [0x06, 0, 0, fail(EPERM)],
);

const answerTo = (number: number) => answerOf(answerUnknownCalls(filter), { number, processor: 0, args: [] });

describe('a filter that knows what it does not know', () => {
  it.each([
    ['allows what it allowed', 1, allow],
    ['allows what it allows by name, however new', 462, allow],
    ['refuses what had an answer of its own with that', 2, fail(ENOSYS)],
    ['refuses what it does not name', 3, fail(EPERM)],
    ['refuses the newest call that it may know', 449, fail(EPERM)],
    ['answers that a newer one does not exist', 450, fail(ENOSYS)],
    ['answers that one of another processor’s table does not exist', 0x4000_0001, fail(ENOSYS)],
  ])('%s', (_, number, expected) => {
    expect(answerTo(number)).toBe(expected);
  });

  it.each([0, 7, 12])('is made of no %i bytes, which are no filter', (bytes) => {
    expect(() => answerUnknownCalls(Buffer.alloc(bytes))).toThrow('This is no filter of system calls.');
  });
});
