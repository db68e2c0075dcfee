import { containersOf } from '../support/engine.js';
import { becomes, within } from '../support/eventually.js';
import { HostileServer } from './server.js';
import { protocols } from './steps/operations.js';
import { requireInOrder, type Round, tryRounds } from './steps/rounds.js';
import { type Step, type StepFault, SteppedServer, stepsIn } from './steps/stepped-server.js';
import { attack } from './trial.js';
import { withDirectory } from './with-server.js';

const patienceMs = 180_000;
const lateStepMs = 10_000;
const lastStep = protocols.firstStart.at(-1);

/** The steps of a first start when nothing fails. */
function traceOfStart(): Promise<readonly Step[]> {
  return withDirectory(async (directory) => {
    const stepped = SteppedServer.spawn(directory, 'trace');
    try {
      await stepped.server.listening();
      await becomes(() => stepsIn(stepped.server).some(({ name }) => name === lastStep), patienceMs);
      return stepsIn(stepped.server);
    } finally {
      await stepped.server.kill();
    }
  });
}

/**
 * A start that fails says why in a sentence; the next one works, whatever the first one has left. Resolves with whether
 * the first start came to that step.
 */
function startsAgain(fault: StepFault, step: Step): Promise<boolean> {
  return withDirectory(async (directory) => {
    const stepped = SteppedServer.spawn(directory, fault, step);
    const { server: first } = stepped;
    const comesToIt = () => stepsIn(first).length > 0;
    // Some writes come only when it listens.
    const listening = first.listening().then(
      () => becomes(comesToIt, lateStepMs).then(() => true),
      () => false,
    );
    const isUp = await within(patienceMs, 'The start', listening).finally(() => first.kill());
    const isReached = comesToIt();
    if (!isUp && !isReached) throw new Error(`It failed by itself: ${first.printed}`);
    if (fault === 'fail' && /^\s+at /m.test(first.printed))
      throw new Error(`A stack in place of a sentence: ${first.printed}`);
    const next = await HostileServer.start({ directory });
    try {
      await next.client.deploy('first', 'exports.handler = () => 1;');
      await next.client.delete('first');
      const installationId = await next.installationId();
      await next.stop();
      const left = await containersOf(installationId);
      if (left.length > 0) throw new Error(`Containers are left: ${left.join(', ')}`);
    } finally {
      await next.kill();
    }
    return isReached;
  });
}

/** Each write of a first start fails, as on a full disk, and is the last one before the server is killed. */
attack({
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
});
