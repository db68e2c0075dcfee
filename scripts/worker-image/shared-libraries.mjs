/** Which files a program needs to run at all: its shared libraries and the loader that joins them to it. */
import { runCaptured } from '../setup/child-process.mjs';

/**
 * @param {string} program
 * @returns {Promise<string[] | undefined>} absolute paths; undefined where `ldd` cannot say
 */
export async function sharedLibrariesOf(program) {
  const { exitCode, output } = await runCaptured('ldd', [program], { LC_ALL: 'C' }).catch(() => ({
    exitCode: 127,
    output: '',
  }));
  if (exitCode !== 0) return undefined;
  return parseLdd(output);
}

/**
 * Reads what `ldd` prints: `name => path (address)`, or only a path for the loader; the kernel's own has no path.
 * @param {string} output
 * @returns {string[] | undefined} undefined if a library is missing
 */
export function parseLdd(output) {
  if (output.includes('=> not found')) return undefined;
  const paths = [...output.matchAll(/^\s*(?:\S+ => )?(\/\S+) \(0x[0-9a-f]+\)$/gm)].map(
    (match) => match[1] ?? '',
  );
  return paths.length === 0 ? undefined : [...new Set(paths)].sort();
}
