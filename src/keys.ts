import { authSettings, type AuthSettings } from './auth/auth.settings.js';
import {
  type KeysCommand,
  keysUsage,
  parseKeysCommand,
  runKeysCommand,
  UsageError,
} from './auth/keys/keys-command.js';
import { KeyService } from './auth/keys/key.service.js';
import { AuthDatabase } from './auth/store/sqlite/auth-database.js';
import { SqliteKeyStore } from './auth/store/sqlite/sqlite-auth-stores.js';
import { settingsGroups } from './bootstrap/settings-groups.js';
import { DatabaseRefused } from './storage/sqlite/open-database.js';
import { DomainError } from './common/errors/domain-error.js';
import { findDirectory } from './common/installation/found-directory.js';
import { type Installation, InstallationError } from './common/installation/installation.js';
import {
  installationSettings,
  type InstallationSettings,
  wantedDirectory,
} from './common/installation/installation.settings.js';
import { existingInstallation, openInstallation } from './common/installation/open-installation.js';
import { problemsIn, readEnvironment } from './common/settings/settings.js';
import { SystemClock } from './common/time/clock.js';

/** Used wrongly: its words, or its configuration (sysexits.h). */
const exitUsage = 2;
const exitConfiguration = 78;

const about = `Creates, lists and revokes keys of the server whose directory GLAMBDAR_DIR names, whether it runs or not. Run it as
the user that runs the server. Scopes, and what they open, are in docs/access.md.`;

/** The command line for keys: works on the server's own database, whether the server runs or not. */
async function main(): Promise<number> {
  const words = process.argv.slice(2);
  if (words.includes('--help') || words.includes('-h')) {
    process.stdout.write(`${keysUsage}\n\n${about}\n`);
    return 0;
  }
  process.umask(0o077);
  const problems = problemsIn(settingsGroups, readEnvironment());
  if (problems.length > 0) {
    process.stderr.write(`${problems.join('\n')}\n`);
    return exitConfiguration;
  }
  const clock = new SystemClock();
  const command = parseKeysCommand(words, clock.wallTime());
  const settings = authSettings.config() as AuthSettings;
  const { accessDatabase } = installationFor(command);
  const database = await AuthDatabase.open(accessDatabase, {
    lockTimeoutMs: settings.lockTimeoutMs,
    maxAuditEntries: settings.auditEntries,
  });
  try {
    const keys = new KeyService(new SqliteKeyStore(database), clock, settings.maxKeys, () => undefined);
    const { out, remark } = await runKeysCommand(command, keys);
    if (out !== '') process.stdout.write(`${out}\n`);
    if (remark !== '') process.stderr.write(`${remark}\n`);
    return 0;
  } finally {
    await database.close();
  }
}

/** The first key may be created before the server's first start, which needs one to listen on a network. */
function installationFor({ kind }: KeysCommand): Installation {
  const wanted = wantedDirectory(installationSettings.config() as InstallationSettings);
  if (kind !== 'create' || findDirectory(wanted).whose.kind === 'installation')
    return existingInstallation(wanted);
  const { installation, lock } = openInstallation(wanted);
  lock.release();
  return installation;
}

/** A sentence if the user of the command can fix the problem, else the stack. */
function report(error: unknown): number {
  const isExpected = [UsageError, DomainError, InstallationError, DatabaseRefused].some(
    (kind) => error instanceof kind,
  );
  process.stderr.write(`${isExpected ? (error as Error).message : String((error as Error).stack)}\n`);
  return error instanceof UsageError ? exitUsage : 1;
}

process.exitCode = await main().catch(report);
