import { becomes } from '../support/eventually.js';
import { craftZip } from '../support/zip.js';
import { Canary } from './functions/canary.js';
import { endingFunctions } from './functions/endings.js';
import { escapingFunctions } from './functions/escapes.js';
import type { HostileFunction } from './functions/hostile-function.js';
import { protocolFunctions } from './functions/protocol.js';
import { greedyFunctions } from './functions/resources.js';
import type { HostileServer } from './server.js';
import { attack, inParallel } from './trial.js';
import { withServer } from './with-server.js';

const hostileFunctions: readonly HostileFunction[] = [
  ...greedyFunctions,
  ...endingFunctions,
  ...protocolFunctions,
  ...escapingFunctions,
];

/** Short limits, so that code which never ends ends soon, and long enough for the rest on a busy machine. */
const settings = {
  GLAMBDAR_CALL_TIMEOUT_SECONDS: '10',
  GLAMBDAR_LOAD_TIMEOUT_MS: '20000',
  GLAMBDAR_IPC_FRAME_TIMEOUT_MS: '3000',
};

const slots = 3;
/** Containers of the canary and of the other slots: one that serves a call, one that waits for the next. */
const heldByOthers = 1 + (slots - 1) * 2;
const goneWithinMs = 120_000;

/** Functions that mean harm, on a real server beside one that must go on answering. */
attack({
  name: 'functions',
  quick: hostileFunctions.length,
  full: hostileFunctions.length,
  run: (trial) =>
    withServer(trial, { settings }, async (server) => {
      const canary = await Canary.sing(server.client);
      await inParallel(hostileFunctions.entries(), slots, ([index, hostile]) =>
        trial.case(hostile.title, () => unharmed(server, `hostile-${index}`, hostile)),
      );
      await trial.case('the canary', () => canary.stop(trial.isFull ? 'full' : 'quick'));
      trial.notes.push(canary.summary);
    }),
});

async function unharmed(server: HostileServer, name: string, hostile: HostileFunction): Promise<void> {
  const { client, directory } = server;
  await client.deploy(name, archiveOf(hostile));
  for (let call = 0; call < (hostile.calls ?? 1); call += 1) {
    const answer = await client.invoke(name);
    const wrong = hostile.expected(answer);
    if (wrong !== undefined) throw new Error(wrong);
    // Code that reads its own mounts sees the directory they come from; the server's own words never name it.
    if (answer.code !== '' && answer.text.includes(directory))
      throw new Error('The answer holds a path of the host.');
  }
  await client.delete(name);
  const isGone = async () => (await server.containers()).length <= heldByOthers;
  if (!(await becomes(isGone, goneWithinMs))) throw new Error('Its containers are still there.');
}

function archiveOf({ code }: HostileFunction): Buffer {
  const files = typeof code === 'string' ? { 'index.js': code } : code;
  return craftZip(Object.entries(files).map(([name, content]) => ({ name, content, mode: 0o100755 })));
}
