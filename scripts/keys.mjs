/**
 * `npm run keys -- create --name me --scopes admin`, `list`, `revoke <id>`: keys of the server on this machine, whether
 * it runs or not. The key alone goes to standard output, so `npm run --silent keys` can be captured.
 */
import { becomeProgram } from './setup/child-process.mjs';
import { ensureBuild, ensureDependencies } from './setup/set-up.mjs';
import { KEYS_ENTRY, projectNode } from './setup/project.mjs';
import { runScript } from './setup/script.mjs';

await runScript(async () => {
  await ensureDependencies();
  await ensureBuild();
  return becomeProgram(projectNode(), ['--enable-source-maps', KEYS_ENTRY, ...process.argv.slice(2)], {});
});
