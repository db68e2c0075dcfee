import { untilOver, type Assault, type Attack, type Bound, type Isolation } from './attack.js';
import type { FairCanary } from './fair-canary.js';
import { medianOf, tookMsAt, type Reading } from './readings.js';
import type { Stage } from './stage.js';

/** How often and how long a canary is listened to. */
export interface Pace {
  readonly rounds: number;
  readonly quietMs: number;
  readonly roundMs: number;
}

export interface Contest {
  readonly attack: Attack;
  readonly isolation: Isolation;
  /** Attackers of this kind at once. */
  readonly copies: number;
}

/** One round's calls, before and beside the attack, and what was not as it should be. */
interface Round {
  readonly quiet: readonly Reading[];
  readonly attacked: readonly Reading[];
  readonly wrongs: readonly string[];
}

export interface Verdict {
  readonly figures: string;
  /** Empty when everybody was served. */
  readonly wrongs: readonly string[];
}

export function titleOf({ attack, isolation, copies }: Contest): string {
  return `${attack.title} (${isolation}, ${copies} at once)`;
}

/**
 * The canary sings without and with the attack beside it, in turns, so that a machine which is busy with something else
 * is so in both. Of the rounds the one in the middle counts: a single stall of the machine is no verdict.
 */
export async function holdContest(
  stage: Stage,
  { attack, isolation, copies }: Contest,
  pace: Pace,
  bound: Bound,
): Promise<Verdict> {
  const { scene } = stage;
  const canary = await stage.canary(isolation, attack.plumage?.(scene, isolation));
  const assaults: Assault[] = [];
  for (let copy = 0; copy < copies; copy += 1) {
    const name = `hostile-${copy}`;
    assaults.push(await attack.prepare(scene, { name, isolation, roundMs: pace.roundMs }));
  }
  const rounds: Round[] = [];
  while (rounds.length < pace.rounds) {
    await attack.makeReady?.(scene);
    rounds.push(await holdRound(canary, assaults, pace));
  }
  return judge(rounds, bound);
}

async function holdRound(
  canary: FairCanary,
  assaults: readonly Assault[],
  { quietMs, roundMs }: Pace,
): Promise<Round> {
  const quiet = await canary.during(() => untilOver(AbortSignal.timeout(quietMs)));
  const wrongs: string[] = [];
  const attacked = await canary.during(async () => {
    const over = AbortSignal.timeout(roundMs);
    const ends = await Promise.allSettled(assaults.map((assault) => assault(over)));
    wrongs.push(...ends.filter((end) => end.status === 'rejected').map(({ reason }) => String(reason)));
  });
  const errors = [...quiet, ...attacked].filter(({ error }) => error !== '');
  if (errors.length > 0) wrongs.push(`${errors.length} calls failed, the first with ${errors[0]?.error}`);
  const lost = await canary.lost([...quiet, ...attacked]);
  if (lost !== '') wrongs.push(`lost ${lost}`);
  return { quiet, attacked, wrongs };
}

function judge(rounds: readonly Round[], { share, mostMs, timesQuiet }: Bound): Verdict {
  const at = (part: 'quiet' | 'attacked', quantile: number) =>
    medianOf(rounds.map((round) => tookMsAt(quantile, round[part])));
  const limitMs = Math.max(mostMs, timesQuiet * at('quiet', share));
  const wrongs = rounds.flatMap((round) => round.wrongs);
  const tookMs = at('attacked', share);
  // Also where there is no figure at all.
  if (!(tookMs <= limitMs))
    wrongs.push(`${share * 100} % took up to ${tookMs.toFixed(0)} ms, and should take ${limitMs.toFixed(0)}`);
  const figure = (part: 'quiet' | 'attacked') =>
    [0.5, 0.9, 0.99].map((quantile) => at(part, quantile).toFixed(1)).join(' / ');
  const calls = rounds.reduce((sum, { attacked }) => sum + attacked.length, 0);
  return {
    figures: `quiet ${figure('quiet')} ms, attacked ${figure('attacked')} ms, ${calls} calls`,
    wrongs,
  };
}
