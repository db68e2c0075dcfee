/** The command line of `npm run test:hostile`, read before anything is set up. */
import { readdirSync } from 'node:fs';
import { parseCommandLine } from '../../scripts/setup/command-line.mjs';
import { UsageError } from '../../scripts/setup/script.mjs';

/** @typedef {import('./options.d.mts').RunOptions} RunOptions */

/** Each group is a file of its own. */
export const groupNames = readdirSync(new URL('groups/', import.meta.url))
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.slice(0, -'.ts'.length));

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
        seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
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
    cases: cases === undefined ? undefined : wholeNumber('--cases', String(cases), 1),
    chosen,
  };
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
