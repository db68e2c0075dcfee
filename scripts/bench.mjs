/**
 * `npm run bench`: measures this machine, prints the figures beside the numbers to reach, and keeps the raw data. Sets
 * up what is missing and becomes `test/bench/main.ts`.
 */
import { readOptions, USAGE } from '../test/bench/options.mjs';
import { ensureEngine } from './engine/engine.mjs';
import { ensureOciEngine } from './engine/oci-engine.mjs';
import { outliveSignals, runInForeground } from './setup/child-process.mjs';
import { helpIfAsked } from './setup/command-line.mjs';
import { inProject, projectNode } from './setup/project.mjs';
import { runScript } from './setup/script.mjs';
import { setUp } from './setup/set-up.mjs';
import { ensureImage } from './worker-image/worker-image.mjs';

/** The benchmark is TypeScript, whose types Node.js strips. */
const PROGRAM = ['--import', inProject('test/support/typescript.mjs'), inProject('test/bench/main.ts')];

helpIfAsked(USAGE);

await runScript(async () => {
  const args = process.argv.slice(2);
  const { engines } = readOptions(args);
  outliveSignals();
  const [first, ...others] = engines;
  const { engine, environment } = await setUp(first);
  try {
    for (const other of others) await ensureImage((await ensureEngine(other)).images);
    // For the row of gVisor.
    if (engines.includes('oci')) await ensureOciEngine('runsc');
    return await runInForeground(projectNode(), [...PROGRAM, ...args], environment);
  } finally {
    await engine.stop();
  }
});
