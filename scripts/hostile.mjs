/**
 * `npm run test:hostile`: attacks a real server and breaks what it stands on, and prints what was tried, what passed
 * and what was left behind; ends with code 1 on any failure.
 */
import { readOptions, USAGE } from '../test/hostile/options.mjs';
import { outliveSignals, runInForeground } from './setup/child-process.mjs';
import { helpIfAsked } from './setup/command-line.mjs';
import { inProject, projectNode } from './setup/project.mjs';
import { runScript } from './setup/script.mjs';
import { setUp } from './setup/set-up.mjs';

const LOADER = inProject('test/hostile/typescript.mjs');
const PROGRAM = inProject('test/hostile/main.ts');

helpIfAsked(USAGE);

await runScript(async () => {
  readOptions(process.argv.slice(2));
  outliveSignals();
  const { engine, environment } = await setUp();
  try {
    const args = ['--import', LOADER, PROGRAM, ...process.argv.slice(2)];
    return await runInForeground(projectNode(), args, environment);
  } finally {
    await engine.stop();
  }
});
