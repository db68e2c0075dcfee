import { upTo, type Trial } from '../trial.js';
import type { Step } from './stepped-server.js';

/** So often a long run says how far it is. */
const roundsPerReport = 20;

/** One write that gets its fault. */
export interface Round {
  /** What is done, and to what. */
  readonly title: string;
  readonly step: Step;
  /** Resolves with whether the write came at all: what happens beside the work writes now more and now less. */
  readonly run: () => Promise<boolean>;
}

export const isWhole = ({ count }: Trial): boolean => count === Infinity;

/** All of them in a whole run, a few at random in others. Resolves with the writes that were reached, by title. */
export async function tryRounds(
  trial: Trial,
  all: readonly Round[],
): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const rounds = isWhole(trial) ? all : [...upTo(trial.count)].map(() => all[trial.random(all.length)]!);
  const reached = new Map(rounds.map(({ title }) => [title, new Set<string>()]));
  const missed: string[] = [];
  for (const [index, { title, step, run }] of rounds.entries()) {
    const what = `${title}: ${step.name} (${step.nth})`;
    await trial.case(what, async () => {
      if (await run()) reached.get(title)!.add(step.name);
      else missed.push(what);
    });
    if ((index + 1) % roundsPerReport === 0) trial.tell(`${index + 1} of ${rounds.length}: ${what}`);
  }
  if (missed.length > 0) trial.notes.push(`not reached: ${missed.join('; ')}`);
  if (!isWhole(trial)) return reached;
  for (const [title, names] of reached) {
    const writes = rounds.filter((round) => round.title === title).length;
    trial.notes.push(`${title}, at ${writes} writes: ${[...names].join(', ')}`);
  }
  return reached;
}

/** Rejects unless the steps of the protocol are among the others, in their order. */
export function requireInOrder(protocol: readonly string[], steps: readonly Step[]): void {
  const names = steps.map(({ name }) => name);
  let from = 0;
  for (const name of protocol) {
    const place = names.indexOf(name, from);
    if (place < 0) throw new Error(`There is no "${name}" where it belongs in: ${names.join(', ')}`);
    from = place + 1;
  }
}
