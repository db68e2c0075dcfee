/** Makes the programs inside containers, each one CommonJS file with all it imports of its own. */
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
  await bundlePrograms(PROGRAMS, directory, project);
}

/**
 * Makes the program of a build's container. npm and esbuild are not in it: it looks for both in the `node_modules` beside
 * it or above it.
 * @param {string} directory where `builder/main.js` goes
 * @param {string} project where `builder/main.ts` is
 */
export async function bundleBuilder(directory, project) {
  await bundlePrograms({ 'builder/main': 'builder/main.ts' }, directory, project);
}

/**
 * @param {Record<string, string>} programs
 * @param {string} directory
 * @param {string} project
 */
async function bundlePrograms(programs, directory, project) {
  await build({
    absWorkingDir: project,
    entryPoints: programs,
    outdir: directory,
    external: ['esbuild'],
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
