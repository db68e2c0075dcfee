/** The command line of `npm run test:hostile`, and how the run's specs learn of it: through one variable. */
import { readdirSync } from 'node:fs';
import { parseCommandLine } from '../../scripts/setup/command-line.mjs';
import { UsageError } from '../../scripts/setup/script.mjs';

/**
 * @typedef {object} RunOptions
 * @property {boolean} isFull
 * @property {number} seed
 * @property {number} [cases] in place of the groups' own numbers; a long run can be split so, each part with its own seed
 * @property {readonly string[]} chosen names of groups; empty for all
 * @property {string} [reports] where each group's report goes, for the table
 */

const VARIABLE = 'HOSTILE_RUN';

/** Each group is a spec of its own. */
export const groupNames = readdirSync(new URL('.', import.meta.url))
  .filter((file) => file.endsWith('.spec.ts'))
  .map((file) => file.slice(0, -'.spec.ts'.length))
  .sort();

export const USAGE = `npm run test:hostile -- [--full] [--group <name>]... [--cases <number>] [--seed <number>]

Attacks a real server and breaks what it stands on, and prints what was tried, what passed and what was left behind.

  --full            every case, for hours; without it a quick slice of each group
  --group <name>    only this group, which may be said again: ${groupNames.join(', ')}
  --cases <number>  in place of the groups' own numbers
  --seed <number>   tries the same cases as the run that printed it`;

/**
 * @param {string[]} args
 * @returns {RunOptions}
 * @throws {UsageError} for what it does not know
 */
export function readOptions(args) {
  const { values } = parseCommandLine(
    {
      usage: USAGE,
      options: {
        full: { type: 'boolean', default: false },
        group: { type: 'string', multiple: true, default: [] },
        seed: { type: 'string', default: String(newSeed()) },
        cases: { type: 'string' },
      },
    },
    args,
  );
  const chosen = /** @type {string[]} */ (values['group']);
  const unknown = chosen.find((wanted) => !groupNames.includes(wanted));
  if (unknown !== undefined) throw new UsageError(`There is no group ${JSON.stringify(unknown)}.`, USAGE);
  const { seed, cases } = values;
  return {
    isFull: values['full'] === true,
    seed: wholeNumber('--seed', String(seed)),
    ...(cases !== undefined && { cases: wholeNumber('--cases', String(cases), 1) }),
    chosen,
  };
}

/** What tells the specs of a run. @param {RunOptions} options @returns {Record<string, string>} */
export function environmentOf(options) {
  return { [VARIABLE]: JSON.stringify(options) };
}

/** What the specs were told; the quick slice with a seed of its own where nobody told them. @returns {RunOptions} */
export function optionsOfRun() {
  const said = process.env[VARIABLE];
  return said === undefined ? { isFull: false, seed: newSeed(), chosen: [] } : JSON.parse(said);
}

function newSeed() {
  return Date.now() % 2 ** 31;
}

/**
 * @param {string} name
 * @param {string} text
 * @param {number} [least]
 */
function wholeNumber(name, text, least = 0) {
  if (/^\d{1,10}$/.test(text) && Number(text) >= least) return Number(text);
  throw new UsageError(`${name} takes a whole number from ${least}.`, USAGE);
}
