/** Installs packages of Debian and Ubuntu. */
import { readFile } from 'node:fs/promises';
import { runToSuccess } from './child-process.mjs';

const ENVIRONMENT = { DEBIAN_FRONTEND: 'noninteractive' };
/** A machine that has just booted may still be installing its own updates. */
const QUIETLY = ['-o', 'DPkg::Lock::Timeout=120', '-qq'];

/** Whether this is a Debian or Ubuntu, or one of their kin. */
export async function hasApt() {
  const release = await readFile('/etc/os-release', 'utf8').catch(() => '');
  return /^ID(_LIKE)?=.*(debian|ubuntu)/m.test(release);
}

/**
 * Needs root.
 * @param {readonly string[]} packages
 */
export async function installPackages(packages) {
  await runToSuccess('apt-get', [...QUIETLY, 'update'], ENVIRONMENT);
  await runToSuccess(
    'apt-get',
    [...QUIETLY, 'install', '-y', '--no-install-recommends', ...packages],
    ENVIRONMENT,
  );
}
