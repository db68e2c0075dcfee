export interface RunOptions {
  readonly isFull: boolean;
  readonly seed: number;
  /** In place of the groups' own numbers; a long run can be split so, each part with a seed of its own. */
  readonly cases: number | undefined;
  /** Names of groups; empty for all. */
  readonly chosen: readonly string[];
}

export const groupNames: readonly string[];

export const USAGE: string;

export function readOptions(args: string[]): RunOptions;
