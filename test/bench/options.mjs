/** The command line of `npm run bench`, read before anything is set up. */
import { parseCommandLine } from '../../scripts/setup/command-line.mjs';
import { UsageError } from '../../scripts/setup/script.mjs';

/** @typedef {import('./engines/measured-engine.js').EngineId} EngineId */

/**
 * @typedef {object} BenchOptions
 * @property {boolean} isQuick far fewer samples: shows that everything works, not how fast it is
 * @property {readonly string[]} only ids of the rows to measure; empty for all
 * @property {readonly [EngineId, ...EngineId[]]} engines that servers are measured on, one after the other
 * @property {string | undefined} out where the raw data go; undefined for `docs/benchmarks/`, and that only for a full run
 */

/** Of every row, in the order in which they are measured. */
export const ROW_IDS = [
  'docker-run',
  'cold',
  'cold-gvisor',
  'fresh-gentle',
  'fresh-burst',
  'fresh-saturated',
  'fresh-cpu',
  'after-deploy',
  'after-zero',
  'warm',
  'flood',
  'large-deploy',
  'events',
  'events-queued',
  'events-fairness',
  'thousand',
  'memory',
];

/** @type {Record<string, readonly [EngineId, ...EngineId[]]>} */
const ENGINE_CHOICES = { docker: ['docker'], oci: ['oci'], both: ['docker', 'oci'] };

export const USAGE = `npm run bench -- [--engine docker|oci|both] [--only row,row] [--quick] [--out raw.json]

Measures this machine, prints the figures beside the numbers to reach, and keeps the raw data. A full run takes about
25 minutes and rewrites the tables of docs/benchmarks.md.

  --engine which    docker, oci or both, which is the default: a row whose figures depend on the engine is measured on
                    each of them, the others on the first; oci needs root
  --only row,row    only these rows, and those that their ratios need
  --quick           a few samples each: shows that everything works, not how fast it is
  --out raw.json    the raw data elsewhere; docs/benchmarks.md stays as it is`;

/**
 * @param {string[]} args
 * @returns {BenchOptions}
 * @throws {UsageError} for what it does not know
 */
export function readOptions(args) {
  const { values } = parseCommandLine(
    {
      usage: USAGE,
      options: {
        engine: { type: 'string' },
        quick: { type: 'boolean' },
        only: { type: 'string' },
        out: { type: 'string' },
      },
    },
    args,
  );
  const { engine = 'both', quick = false, only = '', out } = values;
  const engines = ENGINE_CHOICES[String(engine)];
  if (engines === undefined)
    throw new UsageError(`There is no engine ${engine}: --engine takes docker, oci or both.`, USAGE);
  const ids = String(only)
    .split(',')
    .filter((id) => id !== '');
  const unknown = ids.filter((id) => !ROW_IDS.includes(id));
  if (unknown.length > 0)
    throw new UsageError(`There is no row ${unknown.join(', ')}; there are ${ROW_IDS.join(', ')}.`, USAGE);
  return { isQuick: quick === true, engines, only: ids, out: out === undefined ? undefined : String(out) };
}
