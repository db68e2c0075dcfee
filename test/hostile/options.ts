import { parseArgs } from 'node:util';
import { groups } from './groups.js';
import type { Group } from './trial.js';

export interface RunOptions {
  readonly isFull: boolean;
  readonly seed: number;
  /** In place of the groups' own numbers; a long run can be split so, each part with a seed of its own. */
  readonly cases: number | undefined;
  readonly chosen: readonly Group[];
}

/** `[--full] [--group name]... [--seed number] [--cases number]`. Throws a sentence for anything else. */
export function readOptions(args: readonly string[]): RunOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      full: { type: 'boolean', default: false },
      group: { type: 'string', multiple: true, default: [] },
      seed: { type: 'string' },
      cases: { type: 'string' },
    },
  });
  const seed = values.seed === undefined ? Date.now() % 2 ** 31 : Number(values.seed);
  if (!Number.isInteger(seed)) throw new Error('--seed takes an integer.');
  const cases = values.cases === undefined ? undefined : Number(values.cases);
  if (cases !== undefined && !(Number.isInteger(cases) && cases > 0))
    throw new Error('--cases takes a positive integer.');
  const unknown = values.group.find((wanted) => !groups.some(({ name }) => name === wanted));
  if (unknown !== undefined) {
    throw new Error(`There is no group ${unknown}; there are ${groups.map(({ name }) => name).join(', ')}.`);
  }
  const isChosen = ({ name }: Group) => values.group.includes(name);
  return {
    isFull: values.full,
    seed,
    cases,
    chosen: values.group.length === 0 ? groups : groups.filter(isChosen),
  };
}
