import { containersOf } from '../support/engine.js';
import { holdingsOf, leftIn } from './holdings.js';
import { withDirectory } from './with-server.js';
import { isWhole, requireInOrder, tryRounds, writeFails, writeIsTheLast } from './steps/rounds.js';
import { operations, type Operation } from './steps/operations.js';
import { RestartedServer, type Step, type SteppedServer } from './steps/stepped-server.js';
import { attack, type Trial } from './trial.js';

interface Traced {
  readonly operation: Operation;
  /** When nothing fails. */
  readonly steps: readonly Step[];
}

/** Each write of each operation fails, as on a full disk, and is the last one before the server is killed. */
attack({
  name: 'steps',
  quick: 2,
  full: Infinity,
  run: (trial) =>
    withDirectory(async (directory) => {
      const servers = await RestartedServer.on(directory);
      try {
        const traced = await eachWriteFails(trial, servers);
        await eachWriteIsTheLast(trial, servers, traced);
      } finally {
        await servers.kill();
      }
    }),
});

async function eachWriteFails(trial: Trial, servers: RestartedServer): Promise<readonly Traced[]> {
  const stepped = await servers.alive();
  const traced: Traced[] = [];
  for (const operation of operations) {
    await trial.case(`the protocol of ${operation.title}`, async () => {
      traced.push({ operation, steps: await traceOf(operation, stepped) });
    });
  }
  const before = await holdingsOf(stepped.server);
  const rounds = traced.flatMap(({ operation, steps }) =>
    steps
      .filter(({ takesSpace }) => takesSpace)
      .map((step) => ({
        title: `no space in ${operation.title}`,
        step,
        run: () => writeFails(stepped, operation, step),
      })),
  );
  await tryRounds(trial, rounds);
  trial.measured(await leftIn(stepped.server, before));
  await servers.stop();
  return traced;
}

/** Rejects unless the operation is done and follows its protocol. */
async function traceOf(operation: Operation, stepped: SteppedServer): Promise<readonly Step[]> {
  const { client } = stepped.server;
  await operation.prepare(client);
  await stepped.steps();
  const steps = await stepped.trace(() => operation.perform(client));
  requireInOrder(operation.protocol, steps);
  if ((await operation.state(client)) === 'before') throw new Error('It was not done.');
  return steps;
}

const killedIn = ({ title }: Operation) => `killed in ${title}`;

async function eachWriteIsTheLast(
  trial: Trial,
  servers: RestartedServer,
  traced: readonly Traced[],
): Promise<void> {
  const rounds = traced.flatMap(({ operation, steps }) =>
    steps.map((step) => ({
      title: killedIn(operation),
      step,
      run: () => writeIsTheLast(servers, operation, step),
    })),
  );
  const reached = await tryRounds(trial, rounds);
  for (const operation of isWhole(trial) ? operations : []) {
    const names = reached.get(killedIn(operation));
    await trial.case(`${killedIn(operation)}, at each step of its protocol`, () => {
      const missing = operation.protocol.filter((name) => !names?.has(name));
      return missing.length === 0 ? undefined : Promise.reject(new Error(`Not at: ${missing.join(', ')}`));
    });
  }
  const { server } = await servers.alive();
  await server.client.deleteAll();
  const installationId = await server.installationId();
  await servers.stop();
  trial.measured(await containersOf(installationId));
}
