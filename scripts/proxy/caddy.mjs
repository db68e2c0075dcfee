/** Finds the reverse proxy behind which hosts of functions are tested, or installs it where that is possible. */
import { existsSync } from 'node:fs';
import { hasApt, installPackages } from '../setup/apt.mjs';
import { say, step } from '../setup/progress.mjs';
import { SetupError } from '../setup/script.mjs';

/** Where Debian's package has it. */
const USUAL_PROGRAM = '/usr/bin/caddy';

/**
 * @returns {Promise<NodeJS.ProcessEnv>} what tells the tests of it
 * @throws {SetupError} with one sentence on what to do where this script cannot do it
 */
export async function caddyEnvironment() {
  const chosen = process.env['TEST_CADDY'];
  if (chosen) return { TEST_CADDY: chosen };
  if (!existsSync(USUAL_PROGRAM)) await install();
  return { TEST_CADDY: USUAL_PROGRAM };
}

async function install() {
  if (process.getuid?.() !== 0 || !(await hasApt())) {
    throw new SetupError(
      'The tests of hosts of functions need Caddy: install it (Debian: `sudo apt-get install caddy`) or name its program with TEST_CADDY, then run this again.',
    );
  }
  say('No Caddy is installed, behind which hosts of functions are tested: installing it with apt-get.');
  await step('Installing Caddy', () => installPackages(['caddy']));
  if (!existsSync(USUAL_PROGRAM)) throw new SetupError('caddy was installed, but its program is not there.');
}
