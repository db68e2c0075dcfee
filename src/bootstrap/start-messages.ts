import { OpenServerRefused } from '../auth/http/bind-policy.js';
import { DomainError } from '../common/errors/domain-error.js';
import { InstallationError } from '../common/installation/installation.js';
import { UnusableEngine } from '../container/engine/container-engine.js';

const open =
  'There is no key, so anyone who can reach it may do everything. To lock it: npm run keys -- create --name me --scopes admin';

const locked = 'Every request needs a key; npm run keys -- list shows them.';

/** Where the command line looks for a server unless it is told another address. */
const commandLineDefault = 'http://127.0.0.1:8000';

/** What a person who has just started the server needs next; each line can be pasted into a shell. */
export function banner(url: string, directory: string, isOpen: boolean): string {
  const key = isOpen ? '' : '-H "Authorization: Bearer $KEY" ';
  const reach = isOpen ? `export GLAMBDAR_URL=${url}` : `npx glambdar login ${url}`;
  const isReached = isOpen && url === commandLineDefault;
  return `
Glambdar listens on ${url} and keeps its files in ${directory}
${isOpen ? open : locked}

Dashboard: ${url}/ui

${isReached ? '' : `  ${reach}\n`}  npx glambdar deploy examples/hello
  curl ${key}-d '{"name":"Glambdar"}' ${url}/invoke/hello

`;
}

/** SQLite's result code of a full disk. */
const sqliteFull = 13;

/** Why the server could not start; a sentence where the person who started it can fix it. */
export function startFailure(error: unknown): unknown {
  const isMeantForOperator =
    error instanceof InstallationError ||
    error instanceof OpenServerRefused ||
    error instanceof UnusableEngine;
  if (isMeantForOperator) return error.message;
  // The stores' own words are for a client, who cannot choose another disk.
  if (isFullDisk(error) || (error instanceof DomainError && error.code === 'INSUFFICIENT_STORAGE'))
    return "The disk with the server's directory is full. Free some space, or choose another directory with GLAMBDAR_DIR.";
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE')
    return `${portOf(error)} is taken. Choose another one with GLAMBDAR_PORT, or 0 for any.`;
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    return 'This machine has no such address. Choose another one with GLAMBDAR_HOST.';
  }
  if (code === 'EACCES')
    return 'This user may not listen on the port. Choose one from 1024 with GLAMBDAR_PORT.';
  return error;
}

function portOf(error: unknown): string {
  const { port } = error as { port?: number };
  return port === undefined ? 'The port' : `Port ${String(port)}`;
}

function isFullDisk(error: unknown): boolean {
  const { code, errcode } = error as NodeJS.ErrnoException & { errcode?: number };
  return code === 'ENOSPC' || code === 'EDQUOT' || errcode === sqliteFull;
}
