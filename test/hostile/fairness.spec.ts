import type { Attack, Bound } from './fairness/attack.js';
import { readingAttacks, sendingAttacks } from './fairness/bytes.js';
import { type Contest, holdContest, type Pace, Stage, titleOf } from './fairness/contest.js';
import { callFloods, containerFloods } from './fairness/floods.js';
import { hoards } from './fairness/kernel-hoards.js';
import { attack, type Trial } from './trial.js';
import { withServer } from './with-server.js';

const attacks: readonly Attack[] = [
  ...sendingAttacks,
  ...readingAttacks,
  ...callFloods,
  ...containerFloods,
  ...hoards,
];

/** Little of everything, so that attackers soon have all that they may take. */
const settings = {
  GLAMBDAR_RUNNING_MEMORY_MIB: '2048',
  GLAMBDAR_LARGEST_MEMORY_MIB: '2048',
  GLAMBDAR_LOG_FOLLOWERS: '8',
  GLAMBDAR_EGRESS_SERVER_CONNECTIONS: '64',
  GLAMBDAR_EGRESS_ALLOWED_RANGES: '127.0.0.1/32',
  // Two hundred deployments in a row are this group's own.
  GLAMBDAR_MANAGEMENT_PER_SECOND: '0',
};

const fullPace: Pace = { rounds: 3, quietMs: 1000, roundMs: 2000 };
const quickPace: Pace = { rounds: 1, quietMs: 200, roundMs: 500 };

/** That nobody is refused or forgotten shows on any machine, however busy; of times only the worst do. */
const quickBound: Bound = { share: 0.5, mostMs: 15_000, timesQuiet: 10 };

/** A canary, and whoever else has a right to be served, next to all who take what they can get. */
attack({
  name: 'fairness',
  quick: quickContests().length,
  full: fullContests().length,
  run: (trial) =>
    withServer(trial, { settings, hasKeys: true }, async (server) => {
      const stage = await Stage.open(server);
      try {
        const contests = trial.isFull ? fullContests() : quickContests();
        for (const contest of contests.slice(0, trial.count)) await tryContest(trial, stage, contest);
      } finally {
        await stage.close();
      }
    }),
});

async function tryContest(trial: Trial, stage: Stage, contest: Contest): Promise<void> {
  const title = titleOf(contest);
  await trial.case(title, async () => {
    const [pace, bound] = trial.isFull ? [fullPace, contest.attack.bound] : [quickPace, quickBound];
    const { figures, wrongs } = await holdContest(stage, contest, pace, bound);
    trial.tell(`${title}: ${figures}`);
    trial.notes.push(`${title}: ${figures}`);
    if (wrongs.length > 0) throw new Error(`${wrongs.join('; ')}; ${figures}`);
  });
  await stage.clear();
}

/** Every isolation, and of the first one several attackers at once. */
function fullContests(): readonly Contest[] {
  return attacks.flatMap((attack) => [
    ...attack.isolations.map((isolation) => ({ attack, isolation, copies: 1 })),
    { attack, isolation: attack.isolations[0], copies: 3 },
  ]);
}

function quickContests(): readonly Contest[] {
  return attacks
    .filter(({ onlyFull }) => !onlyFull)
    .map((attack) => ({ attack, isolation: attack.isolations[0], copies: 1 }));
}
