import { zipOf } from '../support/zip.js';
import type { TrialClient } from './server.js';
import { withServer } from './with-server.js';
import { attack, type Trial } from './trial.js';
import { SteadyLoad, SwitchedFunction } from './switches/steady-load.js';

const switchEveryMs = 3000;

/** Calls a second. The fresh ones are what two cores make beside the warm calls and the versions' first containers. */
const fullLoad = { warm: 100, fresh: 3 };

/** What a machine still manages that does much else. */
const quickLoad = { warm: 25, fresh: 1 };

/** A busy machine may answer late; a call that it refuses for want of room would tell nothing of the switch. */
const patient = { GLAMBDAR_QUEUED_CALLS_PER_FUNCTION: '1000' };

/** A call reads its version before and after a pause, from the disk, from what was loaded, and from its context. */
const archive = (number: number): Buffer =>
  zipOf({
    'part.txt': String(number),
    'index.js': `
      const part = () => Number(require('node:fs').readFileSync(__dirname + '/part.txt', 'utf8'));
      exports.handler = async (_, context) => {
        const before = part();
        await new Promise((resolve) => setTimeout(resolve, 1));
        return [${number}, before, part(), Number(context.functionVersion)];
      };`,
  });

/**
 * New versions and rollbacks while both kinds of function are called at a steady rate: no call fails because of them,
 * each runs wholly on one version, and never on one that was replaced before the call was sent.
 */
attack({
  name: 'switches',
  quick: 3,
  full: 40,
  run: (trial) =>
    withServer(trial, { settings: patient }, async ({ client }) => {
      await client.deploy('warm', archive(1), { isolation: 'warm', maxContainers: 4 });
      await client.deploy('fresh', archive(1), { isolation: 'fresh', maxContainers: 8 });
      const perSecond = trial.isFull ? fullLoad : quickLoad;
      const functions = (['warm', 'fresh'] as const).map((name) => new SwitchedFunction(name, archive));
      const loads = functions.map(
        (subject) => new SteadyLoad(perSecond[subject.name], () => subject.call(client)),
      );
      const running = loads.map((load) => load.run(trial));
      await switchOften(trial, client, functions);
      for (const load of loads) load.stop();
      await Promise.all(running);
      for (const [index, { name }] of functions.entries())
        trial.notes.push(`${name}: ${loads[index]!.summary}`);
    }),
});

async function switchOften(
  trial: Trial,
  client: TrialClient,
  functions: readonly SwitchedFunction[],
): Promise<void> {
  const tookMs: number[] = [];
  for (let round = 1; round <= trial.count; round += 1) {
    const startedMs = performance.now();
    for (const subject of functions) {
      const sentMs = performance.now();
      await trial.case(`switch ${round} of ${subject.name}`, () => subject.switch(client, round % 5 === 0));
      tookMs.push(performance.now() - sentMs);
    }
    const restMs = switchEveryMs - (performance.now() - startedMs);
    if (restMs > 0) await new Promise((resolve) => setTimeout(resolve, restMs));
  }
  tookMs.sort((a, b) => a - b);
  const medianMs = tookMs[Math.floor(tookMs.length / 2)] ?? 0;
  trial.notes.push(`${tookMs.length} switches, half of them within ${Math.round(medianMs)} ms`);
}
