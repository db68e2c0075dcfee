/** Makes the worker's programs, each one CommonJS file with all it imports of its own. */
import { build } from 'esbuild';

/** The worker, and beside it what it may need later: the program of a thread, and the report of code that does not load. */
const PROGRAMS = {
  'worker/main': 'worker/main.ts',
  'worker/proxy-thread': 'worker/egress/proxy-thread.ts',
  'worker/load-report': 'worker/loading/load-report.ts',
};

/**
 * A process that reads one file starts sooner than one that reads thirty, and one that has no ES module of its own does
 * not start Node's loader for them. What is not ours, Node's own modules and a function's code, is left to Node.
 * @param {string} directory where `worker/main.js` goes
 * @param {string} project where `worker/main.ts` is
 */
export async function bundle(directory, project) {
  await build({
    absWorkingDir: project,
    entryPoints: PROGRAMS,
    outdir: directory,
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node24',
    // CommonJS has another name for its own location.
    define: { 'import.meta.url': 'ownUrl' },
    banner: { js: "const ownUrl = require('node:url').pathToFileURL(__filename).href;" },
    logLevel: 'warning',
  });
}
