import { startsAgain, traceOfStart } from '../steps/first-start.js';
import { requireInOrder, tryRounds, type Round } from '../steps/rounds.js';
import { protocols } from '../steps/protocols.js';
import type { Group } from '../trial.js';

/** Each write of a first start fails, as on a full disk, and is the last one before the server is killed. */
export const startsGroup: Group = {
  name: 'starts',
  quick: 2,
  full: Infinity,
  async run(trial) {
    const steps = await traceOfStart();
    await trial.case('the protocol of a first start', async () => {
      requireInOrder(protocols.firstStart, steps);
    });
    const failing = steps.filter(({ takesSpace }) => takesSpace);
    const rounds: readonly Round[] = [
      ...failing.map((step) => ({
        title: 'no space at a first start',
        step,
        run: () => startsAgain('fail', step),
      })),
      ...steps.map((step) => ({
        title: 'killed at a first start',
        step,
        run: () => startsAgain('kill', step),
      })),
    ];
    await tryRounds(trial, rounds);
    trial.measured([]);
  },
};
