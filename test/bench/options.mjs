/** The command line of `npm run bench`. */
import { parseArgs } from 'node:util';
import { SetupError } from '../../scripts/setup/setup-error.mjs';

/**
 * @typedef {object} BenchOptions
 * @property {boolean} isQuick far fewer samples: shows that everything works, not how fast it is
 * @property {readonly string[]} only ids of the rows to measure; empty for all
 * @property {string | undefined} out where the raw data go; undefined for `docs/benchmarks/`, and that only for a full run
 */

export const USAGE = `npm run bench -- [--only row,row] [--quick] [--out raw.json]`;

/**
 * @param {string[]} args
 * @returns {BenchOptions}
 * @throws {SetupError} for what it does not know
 */
export function readOptions(args) {
  try {
    const { values } = parseArgs({
      args,
      options: { quick: { type: 'boolean' }, only: { type: 'string' }, out: { type: 'string' } },
    });
    return {
      isQuick: values.quick ?? false,
      only: (values.only ?? '').split(',').filter((id) => id !== ''),
      out: values.out,
    };
  } catch (error) {
    throw new SetupError(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
  }
}
