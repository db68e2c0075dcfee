/** The command line of `npm run bench`. */
import { parseCommandLine } from '../../scripts/setup/command-line.mjs';

/**
 * @typedef {object} BenchOptions
 * @property {boolean} isQuick far fewer samples: shows that everything works, not how fast it is
 * @property {readonly string[]} only ids of the rows to measure; empty for all
 * @property {string | undefined} out where the raw data go; undefined for `docs/benchmarks/`, and that only for a full run
 */

export const USAGE = `npm run bench -- [--only row,row] [--quick] [--out raw.json]

Measures this machine, prints the figures beside the numbers to reach, and keeps the raw data. A full run takes about
thirteen minutes and rewrites the tables of docs/benchmarks.md.

  --only row,row    only these rows, and those that their ratios need
  --quick           a few samples each: shows that everything works, not how fast it is
  --out raw.json    the raw data elsewhere; docs/benchmarks.md stays as it is`;

/**
 * @param {string[]} args
 * @returns {BenchOptions}
 * @throws {import('../../scripts/setup/script.mjs').UsageError} for what it does not know
 */
export function readOptions(args) {
  const { values } = parseCommandLine(
    {
      usage: USAGE,
      options: { quick: { type: 'boolean' }, only: { type: 'string' }, out: { type: 'string' } },
    },
    args,
  );
  const { quick = false, only = '', out } = values;
  return {
    isQuick: quick === true,
    only: String(only)
      .split(',')
      .filter((id) => id !== ''),
    out: out === undefined ? undefined : String(out),
  };
}
