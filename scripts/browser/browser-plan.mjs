/** What to do about a browser for the tests of the dashboard, decided from facts alone. */

/**
 * @typedef {object} BrowserFacts
 * @property {string | undefined} chosen the program that the user chose with TEST_BROWSER
 * @property {string | undefined} installed a browser that is there
 * @property {boolean} isRoot
 * @property {boolean} hasApt a Debian or Ubuntu, or one of their kin
 *
 * @typedef {{ action: 'use', program: string } | { action: 'install' } | { action: 'advise', sentence: string }} BrowserPlan
 */

/** Where Chromium is on Linux, and Chrome on macOS. */
export const USUAL_PROGRAMS = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/**
 * Only root on Debian or Ubuntu gets one installed; everyone else gets one sentence.
 * @param {BrowserFacts} facts
 * @returns {BrowserPlan}
 */
export function planBrowser({ chosen, installed, isRoot, hasApt }) {
  const program = chosen ?? installed;
  if (program !== undefined) return { action: 'use', program };
  if (isRoot && hasApt) return { action: 'install' };
  return {
    action: 'advise',
    sentence:
      'The tests of the dashboard need Chromium: install it (Debian: `sudo apt-get install chromium`) or name the program of a Chrome with TEST_BROWSER, then run this again.',
  };
}
