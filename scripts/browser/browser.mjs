/** Finds the browser in which the dashboard is tested, or installs one where that is possible. */
import { existsSync } from 'node:fs';
import { hasApt, installPackages } from '../setup/apt.mjs';
import { say, step } from '../setup/progress.mjs';
import { SetupError } from '../setup/script.mjs';
import { planBrowser, USUAL_PROGRAMS } from './browser-plan.mjs';

/** `--no-install-recommends` leaves out every font, and a page needs one. */
const PACKAGES = ['chromium', 'fonts-dejavu-core'];

/**
 * @returns {Promise<NodeJS.ProcessEnv>} what tells the tests of it
 * @throws {SetupError} with one sentence on what to do where this script cannot do it
 */
export async function browserEnvironment() {
  return { TEST_BROWSER: await ensureBrowser(true) };
}

/**
 * @param {boolean} mayInstall false once it has been done: it is not tried again
 * @returns {Promise<string>}
 */
async function ensureBrowser(mayInstall) {
  const plan = planBrowser({
    chosen: process.env['TEST_BROWSER'] || undefined,
    installed: USUAL_PROGRAMS.find((program) => existsSync(program)),
    isRoot: process.getuid?.() === 0,
    hasApt: await hasApt(),
  });
  switch (plan.action) {
    case 'use':
      return plan.program;
    case 'advise':
      throw new SetupError(plan.sentence);
    case 'install':
      if (!mayInstall) throw new SetupError('chromium was installed, but its program is not there.');
      say('No Chromium is installed, in which the dashboard is tested: installing it with apt-get.');
      await step('Installing Chromium', () => installPackages(PACKAGES));
      return ensureBrowser(false);
    default:
      throw new Error(`unknown plan for the browser: ${/** @type {never} */ (plan)}`);
  }
}
