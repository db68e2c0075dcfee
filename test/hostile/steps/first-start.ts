import { containersOf } from '../../support/engine.js';
import { HostileServer } from '../server/hostile-server.js';
import { becomes, within } from '../../support/eventually.js';
import { withDirectory } from '../server/with-server.js';
import { protocols } from './protocols.js';
import { SteppedServer, stepsIn, type Step, type StepFault } from './stepped-server.js';

const patienceMs = 180_000;
const lateStepMs = 10_000;
const lastStep = protocols.firstStart.at(-1);

/** The steps of a first start when nothing fails. */
export function traceOfStart(): Promise<readonly Step[]> {
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
export function startsAgain(fault: StepFault, step: Step): Promise<boolean> {
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
      await next.client.mustDeploy('first', 'exports.handler = () => 1;');
      await next.client.remove('first');
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
