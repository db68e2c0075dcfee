/** `npm start`: sets up what is missing, then runs the server in the foreground. */
import { becomeProgram } from './setup/child-process.mjs';
import { say } from './setup/progress.mjs';
import { projectNode, SERVER_ARGUMENTS, SERVER_ENVIRONMENT } from './setup/project.mjs';
import { runScript } from './setup/script.mjs';
import { setUp } from './setup/set-up.mjs';

await runScript(async () => {
  const { engine, environment } = await setUp();
  if (engine.isStartedHere)
    say('The Docker Engine was started for you and goes on running when the server ends.');
  return becomeProgram(projectNode(), SERVER_ARGUMENTS, { ...SERVER_ENVIRONMENT, ...environment });
});
