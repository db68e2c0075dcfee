/**
 * A process that does with one container what a server does, from its creation to its removal, for tests that kill it.
 * It is told what to do with which container, and tells when it has, or what went wrong. It uses the built files.
 */
import { ReadScheduler } from '../../dist/src/common/read-scheduler/read-scheduler.js';
import { SystemClock } from '../../dist/src/common/time/clock.js';
import { launcherProgram, OciEngine } from '../../dist/src/container/engine/oci/oci-engine.js';

const [state, rootDirectory] = process.argv.slice(2);
const clock = new SystemClock();
const patiently = { pingTimeoutMs: 60_000, callTimeoutMs: 120_000 };
const engine = new OciEngine(clock, new ReadScheduler(clock), {
  ...patiently,
  runtime: 'crun',
  state,
  images: { open: async () => ({ rootDirectory, environment: {} }) },
  launcher: launcherProgram,
});

async function run(spec) {
  const printed = Promise.withResolvers();
  const id = await engine.create(spec);
  const output = await engine.attach(id, printed.resolve);
  await engine.start(id);
  // With gVisor, it may be killed long before it prints.
  await Promise.race([printed.promise, output.ended]);
}

const works = { run, remove: ({ name }) => engine.remove(name), ping: () => engine.ping() };

process.on('message', ({ kind, spec }) => {
  works[kind](spec).then(
    () => process.send({ kind, failure: undefined }),
    (error) => process.send({ kind, failure: error.message }),
  );
});
// Without anybody who asks there is nothing to do.
process.on('disconnect', () => process.exit());
process.send({ kind: 'ready' });
