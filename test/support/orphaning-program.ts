import { int32, staticProgram } from './static-program.js';

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
